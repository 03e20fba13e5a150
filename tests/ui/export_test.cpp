// SPDX-License-Identifier: GPL-2.0-or-later
// What is written is read back by programs that know nothing of us: libical, libxml, librsvg, poppler.
#ifdef HUMANTIME_ICALENDAR
#include <libical/ical.h>
#endif
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cmath>
#include <csignal>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "export/exporter.h"
#include "journeys/facts.h"
#include "layout/event_text.h"
#include "layout/page.h"
#include "paper_source.h"
#include "reports/events.h"

namespace humantime::ui {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Export : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder_.isValid()); }

  void read_all() {
    while (timeline_.advance(1000)) {
    }
  }
  ExportJob job(Theme::Variant variant = Theme::Variant::light) {
    read_all();
    ExportJob made = job_of(timeline_);
    made.view = view_;
    made.file = QStringLiteral("article.pcapng");
    made.variant = variant;
    return made;
  }
  static ExportJob job_of(const Timeline& timeline) {
    return {.timeline = timeline, .view = {}, .file = {}, .font = QApplication::font(), .records = {}};
  }
  std::string path(const std::string& name) const {
    return folder_.filePath(QString::fromStdString(name)).toStdString();
  }
  Saved write(const std::string& name, const ExportJob& of, const Progress& progress = {}) {
    const Exporter* exporter = exporter_of(name);
    EXPECT_NE(exporter, nullptr) << name;
    return save(path(name), *exporter, of, progress);
  }
  /// The bytes of a file that could be written.
  QByteArray written(const std::string& name) { return written(name, job()); }
  QByteArray written(const std::string& name, const ExportJob& of) {
    const Saved saved = write(name, of);
    EXPECT_EQ(saved.outcome, Outcome::done) << saved.sentence.toStdString();
    QFile file(QString::fromStdString(path(name)));
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << name;
    return file.readAll();
  }
  QStringList files() const {
    return QDir(folder_.path()).entryList(QDir::Files | QDir::Hidden | QDir::System);
  }
  /// What a program prints; fails where it does not end well.
  QByteArray run(const char* program, const QStringList& arguments) const {
    QProcess process;
    process.start(QString::fromLatin1(program), arguments);
    EXPECT_TRUE(process.waitForFinished(30'000)) << program;
    EXPECT_EQ(process.exitStatus(), QProcess::NormalExit) << program;
    EXPECT_EQ(process.exitCode(), 0) << program << ": " << process.readAllStandardError().toStdString();
    return process.readAllStandardOutput();
  }
  QString q(const std::string& name) const { return QString::fromStdString(path(name)); }

  test::PaperSource source_ = test::article(std::string(TEST_DATA) + "/article-timeline.tsv", 71);
  Timeline timeline_{source_};
  View view_;
  QTemporaryDir folder_;
};

#define NEEDS(program)                                                   \
  if (QStandardPaths::findExecutable(QStringLiteral(program)).isEmpty()) \
  GTEST_SKIP() << program << " is not installed (scripts/packages.txt: test)"

// -- the table

TEST_F(Export, EveryFormatIsFoundByItsSuffixAndWritesSomething) {
  std::set<std::string_view> suffixes;
  for (const Exporter& exporter : exporters()) {
    EXPECT_TRUE(suffixes.insert(exporter.suffix).second) << exporter.suffix;
    EXPECT_EQ(exporter_of("a.b." + std::string(exporter.suffix)), &exporter);
    EXPECT_GT(written("year." + std::string(exporter.suffix)).size(), 500) << exporter.suffix;
  }
  EXPECT_EQ(exporter_of("PICTURE.PNG"), exporter_of("a.png"));
  EXPECT_EQ(exporter_of("png"), nullptr);
  EXPECT_EQ(exporter_of("a.txt"), nullptr);
  EXPECT_THAT(suffixes, testing::IsSupersetOf({"png", "svg", "pdf", "csv", "json"}));
}

// -- records

TEST_F(Export, RecordsHaveTheColumnsOfTheReport) {
  FrameStore store;
  const journeys::FactLog facts(store.addresses());
  const journeys::Journeys journeys(store, facts);
  const journeys::MilestoneIndex milestones;
  const letters::Notes notes;
  const letters::Letters letters(store, notes, facts);
  const std::string head =
      reports::Events(store, journeys, milestones, letters, reports::Telling{}).head(reports::Format::csv);
  ASSERT_THAT(head, StartsWith("frame,time_ns,"));
  const std::string csv = written("year.csv").toStdString();
  EXPECT_EQ(csv.substr(0, csv.find('\n') + 1), head);

  const std::string json = written("year.json").toStdString();
  const auto first = nlohmann::ordered_json::parse(json.substr(0, json.find('\n')));
  std::string keys;
  for (const auto& [key, value] : first.items()) keys.append(keys.empty() ? "" : ",").append(key);
  EXPECT_EQ(keys + "\r\n", head);
}

TEST_F(Export, RecordsSayWhatTheSourceKnows) {
  const std::string json = written("year.json").toStdString();
  std::istringstream lines(json);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto object = nlohmann::json::parse(line);
    EventRecord record;
    ASSERT_TRUE(source_.read(FrameNumber{object["frame"].get<std::uint32_t>()}, record));
    EXPECT_EQ(object["time_ns"], *record.time_ns);
    EXPECT_EQ(object["journey"], record.journey);
    EXPECT_EQ(object["phases"].size(), record.marks.size());
    EXPECT_EQ(object["phases"][0], token_of(record.marks[0].phase));
    EXPECT_EQ(object["bytes"], record.bytes);
    EXPECT_EQ(object["from"], "192.0.2.10:5");
    if (record.other_ns)
      EXPECT_EQ(object["travel_ns"], std::abs(*record.other_ns - *record.time_ns));
    else
      EXPECT_TRUE(object["travel_ns"].is_null());
  }
  EXPECT_EQ(count, source_.records.size());
}

TEST_F(Export, RecordsAreOfWhatTheViewIsLimitedTo) {
  const auto rows = [&] { return written("year.csv").count('\n') - 1; };
  const auto all = static_cast<int>(source_.records.size());
  EXPECT_EQ(rows(), all);
  source_.records[3].passes_filter = false;
  source_.records[4].journey = 0;
  EXPECT_EQ(rows(), all);
  view_.limit_to_filter = true;
  EXPECT_EQ(rows(), all - 1);
  view_.journey = 1;
  EXPECT_EQ(rows(), all - 2);
}

// -- pictures

TEST_F(Export, PngHasItsSizeAndAPicture) {
  const QImage light = QImage::fromData(written("light.png"), "png");
  EXPECT_EQ(light.size(), QSize(1280, 800));
  const QImage dark = QImage::fromData(written("dark.png", job(Theme::Variant::dark)), "png");
  EXPECT_EQ(dark.size(), QSize(1280, 800));
  // White paper with ink on it, of each lane in its colour.
  std::map<QRgb, int> colors;
  for (int y = 0; y < light.height(); ++y)
    for (int x = 0; x < light.width(); ++x) ++colors[light.pixel(x, y)];
  EXPECT_GT(colors[qRgb(255, 255, 255)], 1280 * 800 / 4);
  for (const QRgb lane : {0xff5c4500U, 0xff007848U, 0xff0060c0U, 0xff9c4e96U, 0xffaa4b00U})
    EXPECT_GT(colors[lane], 20) << std::hex << lane;
  EXPECT_GT(colors.size(), 50U);
  EXPECT_LT(qGray(dark.pixel(2, 2)), 60);
  EXPECT_GT(qGray(light.pixel(2, 2)), 200);
}

TEST_F(Export, SvgIsReadByOthersAndItsTextIsText) {
  NEEDS("xmllint");
  NEEDS("rsvg-convert");
  const QByteArray svg = written("year.svg");
  run("xmllint", {QStringLiteral("--noout"), QStringLiteral("--nonet"), q("year.svg")});
  const QByteArray texts = run("xmllint", {QStringLiteral("--nonet"), QStringLiteral("--xpath"),
                                           QStringLiteral("//*[local-name()='text']/text()"), q("year.svg")});
  for (const char* text : {"ClientHello", "Mar", "article.pcapng", "HTTP"})
    EXPECT_THAT(texts.toStdString(), HasSubstr(text));
  const QImage drawn = QImage::fromData(run("rsvg-convert", {q("year.svg")}), "png");
  ASSERT_FALSE(drawn.isNull());
  EXPECT_NEAR(static_cast<double>(drawn.width()) / drawn.height(), 1.6, 0.01);
}

TEST_F(Export, SvgEscapesWhatACaptureSays) {
  NEEDS("xmllint");
  source_.journey_records[0].name = "<script>&\"'.example";
  ExportJob hostile = job();
  hostile.file = QStringLiteral("a<b>&c.pcapng");
  written("year.svg", hostile);
  run("xmllint", {QStringLiteral("--noout"), q("year.svg")});
  const QByteArray count =
      run("xmllint",
          {QStringLiteral("--xpath"), QStringLiteral("count(//*[local-name()='script'])"), q("year.svg")});
  EXPECT_EQ(count.trimmed(), "0");
}

TEST_F(Export, PdfIsA4LandscapeWithTextThatCanBeSearched) {
  NEEDS("pdftotext");
  NEEDS("pdfinfo");
  NEEDS("pdffonts");
  written("year.pdf");
  const QString info = QString::fromUtf8(run("pdfinfo", {q("year.pdf")}));
  const auto size = QRegularExpression(QStringLiteral("Page size:\\s+([\\d.]+) x ([\\d.]+) pts")).match(info);
  ASSERT_TRUE(size.hasMatch()) << info.toStdString();
  EXPECT_NEAR(size.captured(1).toDouble(), 841.89, 1);
  EXPECT_NEAR(size.captured(2).toDouble(), 595.28, 1);
  EXPECT_TRUE(info.contains(QRegularExpression(QStringLiteral("Pages:\\s+1\\n")))) << info.toStdString();

  const std::string text =
      run("pdftotext", {QStringLiteral("-layout"), q("year.pdf"), QStringLiteral("-")}).toStdString();
  for (const char* word : {"ClientHello", "article.pcapng", "Mar", "1 s = 1 year", "January"})
    EXPECT_THAT(text, HasSubstr(word));

  const QStringList fonts =
      QString::fromUtf8(run("pdffonts", {q("year.pdf")})).split(QLatin1Char('\n'), Qt::SkipEmptyParts).mid(2);
  EXPECT_FALSE(fonts.isEmpty());
  // name … emb sub uni object: embedded, and back to characters.
  for (const QString& font : fonts)
    EXPECT_TRUE(font.contains(QRegularExpression(QStringLiteral("\\byes\\s+\\w+\\s+yes\\b"))))
        << font.toStdString();
}

TEST_F(Export, PdfDaysAreEightMillimetresWide) {
  NEEDS("pdftotext");
  written("year.pdf");
  const QString boxes =
      QString::fromUtf8(run("pdftotext", {QStringLiteral("-bbox"), q("year.pdf"), QStringLiteral("-")}));
  // The first "5" and "25" of the page are the days' numbers: they stand above everything that has dates.
  const auto middle_of = [&](const char* word) {
    const auto found =
        QRegularExpression(QStringLiteral("xMin=\"([\\d.]+)\" yMin=\"([\\d.]+)\" xMax=\"([\\d.]+)\" "
                                          "yMax=\"[\\d.]+\">%1</word>")
                               .arg(QLatin1String(word)))
            .match(boxes);
    EXPECT_TRUE(found.hasMatch()) << word;
    return (found.captured(1).toDouble() + found.captured(3).toDouble()) / 2;
  };
  EXPECT_NEAR((middle_of("25") - middle_of("15")) / 72 * 25.4, 80, 0.5);
}

TEST_F(Export, PdfIsDrawnByAnotherProgram) {
  NEEDS("pdftoppm");
  written("year.pdf");
  const QImage drawn = QImage::fromData(
      run("pdftoppm", {QStringLiteral("-r"), QStringLiteral("72"), QStringLiteral("-png"), q("year.pdf")}),
      "png");
  ASSERT_FALSE(drawn.isNull());
  std::set<QRgb> colors;
  for (int y = 0; y < drawn.height(); ++y)
    for (int x = 0; x < drawn.width(); ++x) colors.insert(drawn.pixel(x, y));
  EXPECT_GT(colors.size(), 100U);
}

TEST_F(Export, PdfIsWrittenInJapanese) {
  NEEDS("pdftotext");
  view_.language = Language::japanese;
  written("year.pdf");
  // A font's glyph stands for a character and for the radical that looks the same; Qt takes the first.
  const std::string text = QString::fromUtf8(run("pdftotext", {q("year.pdf"), QStringLiteral("-")}))
                               .normalized(QString::NormalizationForm_KC)
                               .toStdString();
  EXPECT_THAT(text, HasSubstr("3月"));
}

// -- iCalendar

#ifdef HUMANTIME_ICALENDAR
struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

std::map<std::string, icalcomponent*> events_of(icalcomponent* calendar) {
  std::map<std::string, icalcomponent*> events;
  for (auto* event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event != nullptr;
       event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
    EXPECT_TRUE(events.emplace(icalcomponent_get_uid(event), event).second)
        << "twice: " << icalcomponent_get_uid(event);
  return events;
}

void expect_date(const icaltimetype& time, const Date& date) {
  EXPECT_EQ(time.year, 2015);
  EXPECT_EQ(time.month, date.month);
  EXPECT_EQ(time.day, date.day);
  EXPECT_EQ(time.hour, date.hour);
  EXPECT_EQ(time.minute, date.minute);
  EXPECT_EQ(time.second, date.second);
  EXPECT_EQ(time.zone, nullptr);
  EXPECT_EQ(icaltime_is_utc(time), 0);
}

TEST_F(Export, CalendarIsReadBackWithItsDates) {
  const QByteArray text = written("year.ics");
  const Component calendar(icalparser_parse_string(text.constData()));
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
  ASSERT_EQ(icalcomponent_isa(calendar.get()), ICAL_VCALENDAR_COMPONENT);
  EXPECT_NE(icalcomponent_get_first_property(calendar.get(), ICAL_PRODID_PROPERTY), nullptr);
  EXPECT_EQ(icalrestriction_check(calendar.get()), 1);

  const auto events = events_of(calendar.get());
  std::size_t milestones = 0;
  for (const Event& event : timeline_.events()) {
    if (!is_mark(event)) continue;
    ++milestones;
    const std::string uid =
        "frame-" + std::to_string(to_number(event.frame)) + "-" + std::string(token_of(event.phase)) + "@";
    const auto found = events.lower_bound(uid);
    ASSERT_TRUE(found != events.end() && found->first.starts_with(uid)) << uid;
    SCOPED_TRACE(uid);
    expect_date(icalcomponent_get_dtstart(found->second),
                date_of(stretched(event.time_ns, test::paper_origin, view_.scale)));
    // Over as it begins: RFC 5545 has no end that is no later.
    EXPECT_EQ(icalcomponent_get_first_property(found->second, ICAL_DTEND_PROPERTY), nullptr);
  }
  const auto stages = timeline_.stages(1);
  ASSERT_FALSE(stages.empty());
  EXPECT_EQ(events.size(), milestones + stages.size());
  std::map<Stage, int> numbers;
  for (const StageSpan& span : stages) {
    const std::string uid =
        "journey-1-" + std::string(token_of(span.stage)) + "-" + std::to_string(++numbers[span.stage]) + "@";
    const auto found = events.lower_bound(uid);
    ASSERT_TRUE(found != events.end() && found->first.starts_with(uid)) << uid;
    SCOPED_TRACE(uid);
    expect_date(icalcomponent_get_dtstart(found->second),
                date_of(stretched(span.begin_ns, test::paper_origin, view_.scale)));
    if (icalcomponent_get_first_property(found->second, ICAL_DTEND_PROPERTY) == nullptr) continue;
    expect_date(icalcomponent_get_dtend(found->second),
                date_of(stretched(span.end_ns, test::paper_origin, view_.scale)));
    EXPECT_GT(
        icaltime_compare(icalcomponent_get_dtend(found->second), icalcomponent_get_dtstart(found->second)),
        0);
  }
}

TEST_F(Export, CalendarIsTheSameEachTimeAndItsLinesAreFolded) {
  source_.journey_records[0].name = std::string(60, 'x') + " 長い名前、とても長い名前、もっと長い名前";
  const QByteArray text = written("year.ics");
  EXPECT_EQ(written("again.ics"), text);
  EXPECT_EQ(text.count('\n'), text.count("\r\n"));
  for (const QByteArray& line : text.split('\n')) {
    EXPECT_LE(line.size(), 76) << line.toStdString();
    EXPECT_FALSE(QString::fromUtf8(line).contains(QChar::ReplacementCharacter)) << line.toStdString();
  }
  const Component calendar(icalparser_parse_string(text.constData()));
  for (const auto& [uid, event] : events_of(calendar.get())) {
    const icaltimetype stamp = icalcomponent_get_dtstamp(event);
    EXPECT_EQ(stamp.year, 2016);  // the article's: its own first time
    EXPECT_NE(icaltime_is_utc(stamp), 0);
  }
}

TEST_F(Export, CalendarEscapesNames) {
  const std::string name = "a;b,c\\d:\"e\".example";
  source_.journey_records[0].name = name;
  const Component calendar(icalparser_parse_string(written("year.ics").constData()));
  ASSERT_NE(calendar, nullptr);
  std::size_t found = 0;
  for (const auto& [uid, event] : events_of(calendar.get()))
    if (uid.starts_with("journey-1-")) {
      EXPECT_THAT(icalcomponent_get_summary(event), HasSubstr(name));
      ++found;
    }
  EXPECT_GT(found, 3U);
}

TEST_F(Export, CalendarSaysTheYearFromTheSecondOnAndSpansEndInTheirYear) {
  test::PaperSource late;
  const std::int64_t second = 1'000'000'000;
  late.origin = test::paper_origin;
  late.add(test::paper_origin, Phase::dns_query);
  late.add(test::paper_origin + second / 2, Phase::http_request);
  late.add(test::paper_origin + 3 * second + second / 2, Phase::http_response_start);
  late.add(test::paper_origin + 3 * second + second / 2 + 1000, Phase::http_response_end);
  late.journey_records = {{1, journeys::Kind::completed, FrameNumber{1}, test::paper_origin,
                           test::paper_origin + 4 * second, "late.example"}};
  Timeline timeline(late);
  while (timeline.advance(1000)) {
  }
  for (const auto& [language, year] :
       {std::pair{Language::english, "Year 4"}, {Language::japanese, "4年目"}}) {
    ExportJob of = job_of(timeline);
    of.view.language = language;
    const Component calendar(icalparser_parse_string(written("late.ics", of).constData()));
    ASSERT_NE(calendar, nullptr);
    bool first = false, fourth = false;
    for (const auto& [uid, event] : events_of(calendar.get())) {
      const icaltimetype begin = icalcomponent_get_dtstart(event);
      EXPECT_EQ(begin.year, 2015) << uid;
      const std::string summary = icalcomponent_get_summary(event);
      if (uid.starts_with("frame-1-")) first = !summary.empty() && summary.find("1") == std::string::npos;
      if (uid.starts_with("frame-3-")) fourth = summary.starts_with(year);
      if (icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY) == nullptr) continue;
      const icaltimetype end = icalcomponent_get_dtend(event);
      EXPECT_GT(icaltime_compare(end, begin), 0) << uid;
      EXPECT_TRUE(end.year == 2015 || (end.year == 2016 && end.month == 1 && end.day == 1 && end.hour == 0))
          << uid;
    }
    EXPECT_TRUE(first);
    EXPECT_TRUE(fourth);
  }
}
#endif

// -- what goes wrong

TEST_F(Export, WhatCannotBeWrittenIsSaidAndLeavesNothing) {
  QFile(q("file")).open(QIODevice::WriteOnly);
  for (const Exporter& exporter : exporters()) {
    for (const std::string folder : {"nowhere", "file"}) {
      const std::string at = path(folder) + "/year." + std::string(exporter.suffix);
      const Saved saved = save(at, exporter, job(), {});
      EXPECT_EQ(saved.outcome, Outcome::failed) << at;
      EXPECT_THAT(saved.sentence.toStdString(), StartsWith(at + " could not be written: "));
      EXPECT_THAT(saved.sentence.toStdString(),
                  HasSubstr(folder == "file" ? "Not a directory" : "No such file or directory"));
    }
  }
  EXPECT_EQ(files(), QStringList{QStringLiteral("file")});
}

/// A disk with room for so many bytes, for one process.
class LittleRoom {
 public:
  explicit LittleRoom(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~LittleRoom() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  LittleRoom(const LittleRoom&) = delete;
  LittleRoom& operator=(const LittleRoom&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

TEST_F(Export, AFullDiskIsSaidAndWhatWasThereStays) {
  for (const Exporter& exporter : exporters()) {
    const std::string name = "year." + std::string(exporter.suffix);
    const QByteArray before = written(name);
    ASSERT_GT(before.size(), 700) << name;
    for (const rlim_t room : {rlim_t{0}, rlim_t{500}, static_cast<rlim_t>(before.size() - 100)}) {
      Saved saved;
      {
        const LittleRoom limit(room);
        saved = write(name, job());
      }
      EXPECT_EQ(saved.outcome, Outcome::failed) << name << " in " << room;
      EXPECT_THAT(saved.sentence.toStdString(), HasSubstr("File too large")) << name << " in " << room;
      QFile file(q(name));
      ASSERT_TRUE(file.open(QIODevice::ReadOnly));
      EXPECT_EQ(file.readAll().size(), before.size()) << name << " in " << room;
    }
  }
  EXPECT_EQ(files().size(), static_cast<int>(exporters().size()));
}

TEST_F(Export, ACancelledOneLeavesNothingAndIsNoError) {
  for (const Exporter& exporter : exporters()) {
    int calls = 0;
    const Saved saved = write("year." + std::string(exporter.suffix), job(), [&](double share) {
      EXPECT_GE(share, 0);
      EXPECT_LE(share, 1);
      ++calls;
      return false;
    });
    EXPECT_EQ(saved.outcome, Outcome::cancelled) << exporter.suffix;
    EXPECT_EQ(calls, 1) << exporter.suffix;
    EXPECT_TRUE(saved.sentence.isEmpty()) << saved.sentence.toStdString();
  }
  EXPECT_EQ(files(), QStringList{});
}

}  // namespace
}  // namespace humantime::ui
