// SPDX-License-Identifier: GPL-2.0-or-later
// What is written is read back by programs that know nothing of us: libxml, librsvg, poppler. iCalendar:
// icalendar_test.cpp.
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

TEST_F(Export, ACancelledOneLeavesNothingAndIsNoError) {
  QFile before(q("year.pdf"));
  ASSERT_TRUE(before.open(QIODevice::WriteOnly) && before.write("old") == 3);
  before.close();
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
  // What was there stays.
  EXPECT_EQ(files(), QStringList{QStringLiteral("year.pdf")});
  EXPECT_EQ(before.size(), 3);
}

}  // namespace
}  // namespace humantime::ui
