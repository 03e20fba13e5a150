// SPDX-License-Identifier: GPL-2.0-or-later
// PNG, SVG and PDF of a capture on paper. That other programs can read them test_year_timeline.py tells.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QImage>
#include <QMap>
#include <QSet>
#include <algorithm>
#include <regex>

#include "export/year_picture.h"
#include "export_fixture.h"
#include "layout/frame.h"

namespace humantime::ui {
namespace {

using test::article;
using test::article_path;
using test::Job;
using test::paper_origin;
using test::PaperSource;
using testing::HasSubstr;

constexpr std::int64_t second = 1'000'000'000;

std::size_t pages_of(const std::string& pdf) {
  static const std::regex page("/Type\\s*/Page[^s]");
  return static_cast<std::size_t>(std::distance(std::sregex_iterator(pdf.begin(), pdf.end(), page), {}));
}

QImage image_of(const std::string& png) {
  return QImage::fromData(QByteArray::fromStdString(png), "PNG");
}

/// All texts behind one another: Qt begins a new one with each script.
std::string texts_of(const std::string& svg) {
  static const std::regex text("<text[^>]*>([^<]*)</text>");
  std::string texts;
  for (auto found = std::sregex_iterator(svg.begin(), svg.end(), text); found != std::sregex_iterator();
       ++found)
    texts += (*found)[1].str();
  return texts;
}

QColor most_frequent(const QImage& image) {
  QMap<QRgb, int> counts;
  for (int y = 0; y < image.height(); y += 3)
    for (int x = 0; x < image.width(); x += 3) ++counts[image.pixel(x, y)];
  const auto most = std::max_element(counts.begin(), counts.end());
  return QColor::fromRgb(most.key());
}

TEST(Png, HasTheSizeAndTheThemeThatWereAskedFor) {
  const PaperSource source = article(article_path());
  Job job(source);
  job.width = 1000;
  job.height = 700;
  const QImage light = image_of(job.run("png").bytes);
  EXPECT_EQ(light.size(), QSize(1000, 700));
  EXPECT_EQ(most_frequent(light), QColor(Qt::white));
  QSet<QRgb> colours;
  for (int y = 0; y < light.height(); ++y)
    for (int x = 0; x < light.width(); ++x) colours.insert(light.pixel(x, y));
  EXPECT_GT(colours.size(), 50) << "not blank";
  job.variant = Theme::Variant::dark;
  const QImage dark = image_of(job.run("png").bytes);
  EXPECT_LT(most_frequent(dark).lightness(), 40);
}

TEST(Png, IsTheSameWheneverItIsDrawn) {
  const PaperSource source = article(article_path());
  const Job job(source);
  EXPECT_EQ(job.run("png").bytes, job.run("png").bytes);
}

TEST(Svg, SaysAsTextWhatIsShown) {
  const PaperSource source = article(article_path());
  const Job job(source);
  const std::string svg = job.run("svg").bytes;
  EXPECT_NE(svg.find("viewBox=\"0 0 1280 800\""), std::string::npos);
  const std::string texts = texts_of(svg);
  for (const char* text : {"Year Timeline · paper.pcapng", "ClientHello", "Year 1", "1 s = 1 year",
                           "January 1st: the capture", "Jan", "Dec", "TLS"})
    EXPECT_THAT(texts, HasSubstr(text));
  EXPECT_EQ(svg.find("0a5fa8"), std::string::npos) << "nothing is selected";
}

TEST(Svg, SpeaksJapanese) {
  const PaperSource source = article(article_path());
  Job job(source);
  job.view.language = Language::japanese;
  const std::string svg = texts_of(job.run("svg").bytes);
  EXPECT_THAT(svg, HasSubstr("年表 · paper.pcapng"));
  EXPECT_THAT(svg, HasSubstr("1年目"));
  EXPECT_THAT(svg, HasSubstr("12月"));
}

TEST(Svg, ANameFromTheCaptureIsTextWhateverItHolds) {
  PaperSource source = article(article_path());
  source.journey_records[0].name = "<script>&\"'";
  const Job job(source);
  const std::string svg = job.run("svg").bytes;
  EXPECT_EQ(svg.find("<script>"), std::string::npos);
  EXPECT_THAT(texts_of(svg), HasSubstr("&lt;script&gt;&amp;"));
}

TEST(Pdf, HasAPageForEachYearWithEvents) {
  PaperSource source;
  source.origin = paper_origin;
  for (const std::int64_t year : {0, 1, 4, 9}) source.add(paper_origin + year * second, Phase::dns_query, 0);
  Job job(source);
  EXPECT_EQ(pages_of(job.run("pdf").bytes), 4U);
  job.view.scale.seconds_per_year = 2;
  EXPECT_EQ(pages_of(job.run("pdf").bytes), 3U);
  int calls = 0;
  const auto cancelled = job.run("pdf", [&](double) { return ++calls < 4; });
  EXPECT_EQ(cancelled.outcome, Outcome::cancelled);
}

TEST(Pdf, WithoutEventsThereIsAnEmptyYear) {
  const PaperSource source;
  const Job job(source);
  EXPECT_EQ(pages_of(job.run("pdf").bytes), 1U);
}

TEST(Pdf, EmbedsItsFonts) {
  const PaperSource source = article(article_path());
  const Job job(source);
  const std::string pdf = job.run("pdf").bytes;
  EXPECT_TRUE(pdf.starts_with("%PDF-"));
  EXPECT_NE(pdf.find("/FontFile"), std::string::npos);
  EXPECT_NE(pdf.find("/ToUnicode"), std::string::npos);
}

TEST(YearPicture, ADayIsAsWideAsAsked) {
  const PaperSource source = article(article_path());
  const Job job(source);
  for (const double day : {14.0, 31.5, 60.0}) {
    const double width = width_for_day(job.job(), job.view, day);
    // The margins around the calendar are the picture's.
    const CalendarFrame frame = frame_of(job.timeline, job.view, width - 16, 700);
    EXPECT_NEAR(frame.width / 31, day, 1e-9);
  }
}

TEST(YearPicture, RowsThatFindNoRoomAreOnTheNextSheetAndNoneIsLost) {
  const PaperSource source = article(article_path());
  const Job job(source);
  const Theme theme = theme_of(job.job());
  FontMeasure measure(theme);
  const YearPicture roomy(job.job(), job.view, measure, 1280, 800);
  EXPECT_EQ(roomy.sheet_count(), 1U);
  const YearPicture narrow(job.job(), job.view, measure, 1280, 300);
  EXPECT_GT(narrow.sheet_count(), 1U);
  EXPECT_LE(narrow.sheet_count(), 12U);
  const YearPicture least(job.job(), job.view, measure, 1280, 1);
  EXPECT_EQ(least.sheet_count(), 12U) << "a row a sheet";
}

TEST(Pictures, EveryLevelCanBeSaved) {
  const PaperSource source = article(article_path(), 71);
  Job job(source);
  for (std::size_t level = 0; level < level_count; ++level) {
    job.view.level = static_cast<Level>(level);
    for (const char* suffix : {"png", "svg", "pdf"}) {
      const auto exported = job.run(suffix);
      EXPECT_EQ(exported.outcome, Outcome::done) << suffix << " at level " << level;
      EXPECT_GT(exported.bytes.size(), 2000U);
    }
  }
}

TEST(Pictures, HostileTimesAreNoHarm) {
  PaperSource source;
  source.origin = INT64_MIN + 1;
  source.add(INT64_MIN + 1, Phase::http_request);
  source.add(INT64_MAX, Phase::http_response_start);
  Job job(source);
  EXPECT_EQ(job.run("png").outcome, Outcome::done);
  EXPECT_EQ(pages_of(job.run("pdf").bytes), 2U);
}

}  // namespace
}  // namespace humantime::ui
