// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/http_archive.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "reports/columns.h"
#include "reports/time_text.h"
#include "reports/web_address.h"
#include "saturating.h"

namespace humantime::reports {
namespace {

constexpr std::string_view comment_text =
    "Made from packets: times are those of frames where they were captured, by the client if that is known.";

/// HAR writes a time that does not apply as −1.
Json ms_or_none(std::int64_t ns) {
  return ns < 0 ? Json(-1) : Json(ms_of(ns));
}

/// `2016-06-25T12:00:00.123456Z` (ISO 8601).
std::string iso_text(std::int64_t time_ns) {
  std::string text = utc_text(time_ns);
  text.resize(text.size() - 3);
  text[text.find(' ')] = 'T';
  return text + "Z";
}

std::string page_id(std::uint32_t journey) {
  return "journey_" + std::to_string(journey);
}

constexpr std::array<std::string_view, 4> versions = {"unknown", "HTTP/1", "HTTP/2", "HTTP/3"};

/// Nanoseconds; −1: does not apply.
struct Timings {
  std::int64_t blocked = -1, dns = -1, connect = -1, ssl = -1;
  std::int64_t send = 0, wait = 0, receive = 0;

  /// `ssl` is inside `connect`.
  std::int64_t total() const {
    std::int64_t total = 0;
    for (const std::int64_t part : {blocked, dns, connect, send, wait, receive})
      if (part > 0) total = sum(total, part);
    return total;
  }
  Json json() const {
    return {{"blocked", ms_or_none(blocked)}, {"dns", ms_or_none(dns)},   {"connect", ms_or_none(connect)},
            {"ssl", ms_or_none(ssl)},         {"send", ms_or_none(send)}, {"wait", ms_or_none(wait)},
            {"receive", ms_or_none(receive)}};
  }
};

std::int64_t between(std::int64_t begin, std::int64_t end) {
  return std::max<std::int64_t>(difference(end, begin), 0);
}

/// What comes before the first request of a connection. `ready_ns`: when that begins; in early data that is
/// before the handshake is over, then only so much of it as was waited for counts.
void take_beginnings(const Fetch& fetch, std::int64_t ready_ns, Timings& timings) {
  timings.dns = fetch.totals.dns;
  const auto until_ready = [&](std::int64_t total, const std::optional<std::int64_t>& begin) {
    return total < 0 || !begin ? total : std::min(total, between(*begin, ready_ns));
  };
  timings.connect = until_ready(fetch.totals.connect, fetch.connect_ns);
  timings.ssl = until_ready(fetch.totals.ssl, fetch.ssl_ns);
  // Without a handshake of the connection there is none that another one could be inside of.
  if (timings.connect < 0) timings.ssl = -1;
  if (timings.ssl > timings.connect) timings.ssl = timings.connect;
  std::int64_t rest = between(fetch.first_ns, ready_ns);
  for (const std::int64_t part : {timings.dns, timings.connect})
    if (part > 0) rest = std::max<std::int64_t>(rest - part, 0);
  timings.blocked = rest;
}

/// What there is to say where something is missing, in sentences.
class Remarks {
 public:
  void add(std::string_view sentence) { text_.append(text_.empty() ? "" : " ").append(sentence); }
  void put_into(Json& object) const {
    if (!text_.empty()) object["comment"] = text_;
  }

 private:
  std::string text_;
};

/// HAR writes a size that is not known as −1.
Json size_or_none(const std::optional<std::uint64_t>& bytes) {
  return bytes ? Json(*bytes) : Json(-1);
}

Json request_of(const WebRequest& said, const Exchange& exchange, std::string_view version) {
  Json query = Json::array();
  for (const auto& [name, value] : said.query) query.push_back({{"name", name}, {"value", value}});
  return {{"method", said.method},    {"url", said.url},
          {"httpVersion", version},   {"cookies", Json::array()},
          {"headers", Json::array()}, {"queryString", std::move(query)},
          {"headersSize", -1},        {"bodySize", size_or_none(exchange.request_content)}};
}

Json response_of(const Exchange& exchange, std::string_view version) {
  Json response = {{"status", exchange.status},
                   {"statusText", exchange.reason},
                   {"httpVersion", version},
                   {"cookies", Json::array()},
                   {"headers", Json::array()},
                   {"content", {{"size", -1}, {"mimeType", "x-unknown"}}},
                   {"redirectURL", ""},
                   {"headersSize", -1},
                   {"bodySize", size_or_none(exchange.response_content)}};
  if (exchange.response_bytes) response["_transferSize"] = *exchange.response_bytes;
  return response;
}

Json entry_of(std::uint32_t journey, std::int64_t start_ns, const Timings& timings, Json request,
              Json response, const Exchanges& of, const Exchange& exchange, const Remarks& remarks) {
  Json entry = {{"pageref", page_id(journey)},     {"startedDateTime", iso_text(start_ns)},
                {"time", ms_of(timings.total())},  {"request", std::move(request)},
                {"response", std::move(response)}, {"cache", Json::object()},
                {"timings", timings.json()}};
  const std::string address = address_of(of.server);
  if (!address.empty()) entry["serverIPAddress"] = address;
  entry["connection"] = std::to_string(journey);
  if (exchange.frame != no_frame) entry["_frame"] = to_number(exchange.frame);
  if (exchange.stream) entry["_stream"] = *exchange.stream;
  remarks.put_into(entry);
  return entry;
}

Timings exchange_timings(const Exchange& exchange, std::int64_t last_ns, Remarks& remarks) {
  Timings timings;
  timings.send = between(exchange.request_ns, exchange.request_end_ns);
  switch (exchange.answer) {
    case Exchange::Answer::unknown:
      remarks.add("Several requests were under way: which response is this one's is not known.");
      return timings;
    case Exchange::Answer::none:
      timings.wait = between(exchange.request_end_ns, last_ns);
      remarks.add("No response was captured.");
      return timings;
    case Exchange::Answer::seen:
      break;
  }
  const std::int64_t begin = std::max(exchange.request_end_ns, exchange.response_ns);
  timings.wait = between(exchange.request_end_ns, begin);
  timings.receive = between(begin, exchange.response_end_ns.value_or(last_ns));
  if (!exchange.response_end_ns) remarks.add("The end of the response was not captured.");
  if (exchange.status == 0) remarks.add("The status is not known.");
  return timings;
}

/// The ports of HTTP (RFC 9110 4.2): what is behind others need not be.
bool is_port_of_http(std::string_view port) {
  return port == "80" || port == "443";
}

}  // namespace

std::string HttpArchive::head() const {
  const Json creator = {{"name", "humantime"}, {"version", HUMANTIME_VERSION}};
  return "{\"log\":{\"version\":\"1.2\",\"creator\":" + creator.dump() + ",\"entries\":[";
}

std::string HttpArchive::entries(const ArchivedJourney& journey, const Fetch& fetch) {
  std::string text;
  const auto write = [&](const Json& entry) {
    text.append(any_ ? ",\n" : "\n").append(entry.dump());
    any_ = true;
  };
  const auto write_exchanges = [&](const Exchanges& of, bool own) {
    // A connection that was under way before the capture began was waited for before.
    bool first = own && (fetch.totals.dns >= 0 || fetch.totals.connect >= 0);
    unclaimed_ += of.unclaimed;
    const std::string_view version = versions[static_cast<std::size_t>(of.version)];
    for (const Exchange& exchange : of.list) {
      Remarks remarks;
      const WebRequest said =
          web_request(exchange.request, exchange.secure, own ? journey.name : "", of.server);
      if (said.method.empty()) remarks.add("What was asked is not known: the URL is the server's.");
      if (said.may_be_cut) remarks.add("The URL may have been longer.");
      if (exchange.inferred) remarks.add("Encrypted: told by who speaks when.");
      if (exchange.reset) remarks.add("Its stream was reset.");
      if (exchange.pushed) remarks.add("Pushed: the server promised it, nobody asked.");
      Timings timings = exchange_timings(exchange, fetch.last_ns, remarks);
      if (first) take_beginnings(fetch, exchange.request_ns, timings);
      write(entry_of(journey.number, first ? fetch.first_ns : exchange.request_ns, timings,
                     request_of(said, exchange, version), response_of(exchange, version), of, exchange,
                     remarks));
      first = false;
    }
  };
  for (const Exchanges& lookup : fetch.lookups) write_exchanges(lookup, false);
  write_exchanges(fetch.own, true);

  const std::string_view port = port_of(fetch.own.server);
  if (fetch.own.list.empty() && fetch.connected && !fetch.tunnel && is_port_of_http(port)) {
    Remarks remarks;
    Timings timings;
    const std::int64_t connected = fetch.connect_ns && fetch.totals.connect >= 0
                                       ? sum(*fetch.connect_ns, fetch.totals.connect)
                                       : fetch.last_ns;
    take_beginnings(fetch, std::min(connected, fetch.last_ns), timings);
    if (journey.kind == journeys::Kind::completed && fetch.own.secure) {
      timings.receive = between(connected, fetch.last_ns);
      remarks.add(
          "Encrypted: what was asked and answered is not known; received is all that came after the "
          "handshake.");
    } else if (journey.kind == journeys::Kind::completed) {
      timings.receive = between(connected, fetch.last_ns);
      remarks.add("No request was captured.");
    } else {
      remarks.add("The connection was " + std::string(token_of(journey.kind)) + ".");
    }
    const WebRequest said =
        web_request({}, fetch.own.secure || port == "443", journey.name, fetch.own.server);
    write(entry_of(journey.number, fetch.first_ns, timings, request_of(said, {}, versions[0]),
                   response_of({}, versions[0]), fetch.own, {}, remarks));
  }
  if (text.empty())
    ++left_out_;
  else
    pages_.push_back({journey.number, fetch.first_ns, std::string(journey.name)});
  return text;
}

std::string HttpArchive::tail() const {
  std::string text = "],\n\"pages\":[";
  for (const Page& page : pages_) {
    const Json json = {{"startedDateTime", iso_text(page.start_ns)},
                       {"id", page_id(page.journey)},
                       {"title", page.title},
                       {"pageTimings", {{"onContentLoad", -1}, {"onLoad", -1}}}};
    text.append(&page == pages_.data() ? "\n" : ",\n").append(json.dump());
  }
  std::string comment(comment_text);
  if (left_out_ > 0) comment += " Journeys in which no HTTP is known: " + std::to_string(left_out_) + ".";
  if (unclaimed_ > 0)
    comment += " Responses whose requests are not known: " + std::to_string(unclaimed_) + ".";
  return text + "],\n\"comment\":" + Json(comment).dump() + "}}\n";
}

}  // namespace humantime::reports
