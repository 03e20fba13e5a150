// SPDX-License-Identifier: GPL-2.0-or-later
// What becomes known of the exchanges of streams, and how it is taken back.
#include "exchange_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "store.h"

namespace humantime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr FrameNumber frame(std::uint32_t number) {
  return FrameNumber{number};
}

HttpExchange request_in(std::uint32_t number, std::uint64_t stream = 1) {
  HttpExchange news;
  news.connection = 1;
  news.stream = stream;
  news.request = frame(number);
  return news;
}

HttpExchange response_in(std::uint32_t number, std::uint16_t status, std::uint64_t stream = 1) {
  HttpExchange news;
  news.connection = 1;
  news.stream = stream;
  news.response = frame(number);
  news.status = status;
  return news;
}

void begin(FrameStore& store, std::uint32_t number) {
  store.begin(frame(number));
}

std::vector<int> statuses_of(const FrameStore& store, std::uint32_t number) {
  std::vector<int> statuses;
  store.for_each_exchange(frame(number),
                          [&](const HttpExchange& exchange) { statuses.push_back(exchange.status); });
  return statuses;
}

TEST(ExchangeLog, WhatWasKnownStays) {
  FrameStore store;
  begin(store, 1);
  store.add_exchange(request_in(1), "GET / www.example.jp");
  begin(store, 2);
  store.add_exchange(response_in(2, 200), {});
  store.add_exchange(response_in(2, 404), "other");
  ASSERT_EQ(store.exchanges().size(), 1U);
  EXPECT_EQ(store.exchanges()[0].status, 200);
  EXPECT_EQ(store.exchanges()[0].response, frame(2));
  EXPECT_EQ(store.what(store.exchanges()[0]), "GET / www.example.jp");
  EXPECT_THAT(statuses_of(store, 1), ElementsAre(200));
  EXPECT_THAT(statuses_of(store, 2), IsEmpty()) << "it is found by its request";
}

TEST(ExchangeLog, ARequestThatBeginsAnewIsAnotherExchange) {
  FrameStore store;
  begin(store, 1);
  store.add_exchange(request_in(1), {});
  begin(store, 2);
  store.add_exchange(request_in(2), {});
  begin(store, 3);
  store.add_exchange(response_in(3, 200), {});
  EXPECT_THAT(statuses_of(store, 1), ElementsAre(0));
  EXPECT_THAT(statuses_of(store, 2), ElementsAre(200));
  store.undo();
  EXPECT_THAT(statuses_of(store, 2), ElementsAre(0));
}

TEST(ExchangeLog, AFrameTakesBackWhatItTold) {
  FrameStore store;
  begin(store, 1);
  store.add_exchange(request_in(1), {});
  begin(store, 2);
  store.add_exchange(response_in(2, 200), {});
  store.add_exchange(request_in(2, 3), {});
  store.add_exchange(request_in(2, 5), {});
  EXPECT_THAT(statuses_of(store, 2), ElementsAre(0, 0));
  store.undo();
  EXPECT_EQ(store.exchanges().size(), 1U);
  EXPECT_THAT(statuses_of(store, 1), ElementsAre(0));
  EXPECT_THAT(statuses_of(store, 2), IsEmpty());
  // Another frame has its number now.
  begin(store, 2);
  EXPECT_THAT(statuses_of(store, 2), IsEmpty());
  store.add_exchange(response_in(2, 404), {});
  EXPECT_THAT(statuses_of(store, 1), ElementsAre(404));
}

TEST(ExchangeLog, TheEndIsTakenBackBeforeTheLastFrame) {
  FrameStore store;
  begin(store, 1);
  store.add_exchange(request_in(1), {});
  store.checkpoint();
  store.add_exchange(response_in(1, 200), {});
  EXPECT_THAT(statuses_of(store, 1), ElementsAre(200));
  store.undo();
  EXPECT_THAT(statuses_of(store, 1), ElementsAre(0));
  store.undo();
  EXPECT_TRUE(store.exchanges().empty());
  EXPECT_THAT(statuses_of(store, 1), IsEmpty());
}

TEST(ExchangeLog, AResponseAloneIsFoundByItself) {
  FrameStore store;
  begin(store, 1);
  HttpExchange end;
  end.connection = 1;
  end.stream = 7;
  end.response_end = frame(1);
  store.add_exchange(end, {});
  EXPECT_THAT(statuses_of(store, 1), IsEmpty()) << "where it begins is not known";
  begin(store, 2);
  store.add_exchange(response_in(2, 200, 7), {});
  EXPECT_THAT(statuses_of(store, 2), ElementsAre(200));
  store.undo();
  EXPECT_THAT(statuses_of(store, 2), IsEmpty());
  EXPECT_EQ(store.exchanges().size(), 1U);
}

}  // namespace
}  // namespace humantime
