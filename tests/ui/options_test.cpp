// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command/argument_bytes.h"
#include "command/averaging.h"

namespace humantime::ui {
namespace {

using testing::HasSubstr;
using Arguments = std::vector<std::string>;

TEST(ArgumentBytes, EveryByteComesBack) {
  for (int a = 1; a < 256; ++a)
    for (int b = 1; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b)};
      ASSERT_EQ(bytes_of(text_of(bytes)), bytes) << a << " " << b;
    }
  for (const std::string bytes : {"日本語.pcap", "\xf0\x9f\x8e\x8d", "a\xf0\x9f\x8e", "\xed\xb2\x80",
                                  "\xe6\x97\xff\xe6\x97\xa5", "\xef\xbf\xbd", ""})
    EXPECT_EQ(bytes_of(text_of(bytes)), bytes);
}

TEST(Options, OfTheLettersAreRead) {
  const Parsed usual = parse_options({"c.pcap"});
  ASSERT_TRUE(usual.options);
  EXPECT_EQ(usual.options->view, ViewKind::calendar);
  EXPECT_EQ(usual.options->distance_km, 0);
  const Parsed parsed = parse_options({"--view", "letters", "--distance", "1177.3", "c.pcap"});
  ASSERT_TRUE(parsed.options) << parsed.text.toStdString();
  EXPECT_EQ(parsed.options->view, ViewKind::letters);
  EXPECT_EQ(parsed.options->distance_km, 1177.3);
  const Parsed view = parse_options({"--view", "diary", "c.pcap"});
  EXPECT_EQ(view.status, ExitStatus::bad_arguments);
  EXPECT_THAT(view.text.toStdString(),
              HasSubstr("--view \"diary\" is none of: calendar, letters, connections."));
  for (const std::string wrong : {"0", "-1", "1e3", "far", "1,5", "nan", "", "1000001", "12345678901"}) {
    const Parsed distance = parse_options({"--distance=" + wrong, "c.pcap"});
    EXPECT_EQ(distance.status, ExitStatus::bad_arguments) << wrong;
    EXPECT_THAT(distance.text.toStdString(), HasSubstr("--distance")) << wrong;
  }
}

TEST(Options, AreRead) {
  const Parsed parsed = parse_options({"-o",
                                       "a.PDF",
                                       "--size",
                                       "1000x700",
                                       "--theme=dark",
                                       "--language",
                                       "ja",
                                       "--journey",
                                       "www.example.jp",
                                       "--filter",
                                       "tcp.port in {80,443}",
                                       "--keylog",
                                       "k",
                                       "--scale",
                                       "10",
                                       "--origin",
                                       "journey",
                                       "--year",
                                       "-3",
                                       "c.pcap"});
  ASSERT_TRUE(parsed.options) << parsed.text.toStdString();
  const Options& options = *parsed.options;
  EXPECT_EQ(options.capture, "c.pcap");
  EXPECT_EQ(options.output, "a.PDF");
  EXPECT_EQ(options.exporter, exporter_of("x.pdf"));
  EXPECT_EQ(options.width, 1000);
  EXPECT_EQ(options.height, 700);
  EXPECT_EQ(options.theme, Theme::Variant::dark);
  EXPECT_EQ(options.language, Language::japanese);
  EXPECT_EQ(options.journey, QStringLiteral("www.example.jp"));
  EXPECT_EQ(options.filter, QStringLiteral("tcp.port in {80,443}"));
  EXPECT_EQ(options.key_log, "k");
  EXPECT_EQ(options.seconds_per_year, 10U);
  EXPECT_EQ(options.origin, OriginChoice::journey);
  EXPECT_EQ(options.year, -3);
}

TEST(Options, NamesMayBeginWithADashAndHoldAnyByte) {
  const Parsed parsed = parse_options({"-o", "-\xff.png", "--", "-\xfe.pcap"});
  ASSERT_TRUE(parsed.options) << parsed.text.toStdString();
  EXPECT_EQ(parsed.options->capture, "-\xfe.pcap");
  EXPECT_EQ(parsed.options->output, "-\xff.png");
}

TEST(Options, OfRunsTheMean) {
  for (const char* file : {"mean.txt", "mean.TXT", "mean.png", "mean.JSON"}) {
    const Parsed one = parse_options({"--average", "a", "-o", file, "--keylog", "k", "b"});
    ASSERT_TRUE(one.options) << one.text.toStdString();
    EXPECT_EQ(one.options->capture, "");
    ASSERT_EQ(one.options->runs.size(), 2U);
    EXPECT_EQ(one.options->runs[0].capture, "a");
    EXPECT_EQ(one.options->runs[0].key_log, "k") << "one for all";
    EXPECT_EQ(one.options->runs[1].capture, "b");
    EXPECT_EQ(one.options->runs[1].key_log, "k");
    EXPECT_NE(one.options->exporter, nullptr);
  }
  const Parsed each = parse_options({"--keylog", "k", "a", "--keylog", "l", "b", "--average"});
  ASSERT_TRUE(each.options);
  EXPECT_EQ(each.options->runs[0].key_log, "k");
  EXPECT_EQ(each.options->runs[1].key_log, "l");
  const Parsed none = parse_options({"--average", "a"});
  ASSERT_TRUE(none.options);
  ASSERT_EQ(none.options->runs.size(), 1U);
  EXPECT_EQ(none.options->runs[0].key_log, "");
  EXPECT_TRUE(parse_options({"a"}).options->runs.empty());
}

TEST(Options, OfJourneysThatAreCompared) {
  const Parsed one = parse_options({"--compare", "a"});
  ASSERT_TRUE(one.options) << one.text.toStdString();
  EXPECT_EQ(one.options->capture, "a");
  EXPECT_EQ(one.options->view, ViewKind::compare);
  ASSERT_EQ(one.options->compared.size(), 1U);
  EXPECT_FALSE(one.options->compare.align);
  EXPECT_FALSE(one.options->compare.rows);
  const Parsed two = parse_options({"--compare", "--align", "syn", "--group-by", "handshake", "a", "--keylog",
                                    "k", "b", "--keylog", "l", "-o", "x.svg"});
  ASSERT_TRUE(two.options) << two.text.toStdString();
  EXPECT_TRUE(two.options->runs.empty());
  ASSERT_EQ(two.options->compared.size(), 2U);
  EXPECT_EQ(two.options->compared[1].capture, "b");
  EXPECT_EQ(two.options->compared[1].key_log, "l");
  EXPECT_EQ(two.options->compare.align, Alignment::connection);
  EXPECT_EQ(two.options->compare.rows, CompareRows::handshakes);
  EXPECT_TRUE(parse_options({"a"}).options->compared.empty());
}

TEST(Options, HelpTellsEveryStatusAndFormat) {
  const Parsed parsed = parse_options({"--help"});
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.status, ExitStatus::done);
  const std::string text = parsed.text.toStdString();
  for (const ExitStatusRow& row : exit_statuses) {
    EXPECT_THAT(text,
                HasSubstr(std::to_string(static_cast<int>(row.status)) + "  " + std::string(row.meaning)));
  }
  // Lines are broken to fit a terminal.
  EXPECT_THAT(parsed.text.simplified().toStdString(), HasSubstr(exporter_suffixes()));
  EXPECT_THAT(text, HasSubstr("Usage: year-timeline"));
  EXPECT_THAT(parse_options({"--version"}).text.toStdString(), HasSubstr("year-timeline "));
}

struct Wrong {
  Arguments arguments;
  std::string sentence;
};
TEST(Options, WhatIsWrongIsSaidInASentence) {
  const std::vector<Wrong> rows = {
      {{}, "Which capture? See --help."},
      {{""}, "The capture's name is empty."},
      {{"a", "b\x1b"}, "One capture at a time: \"b\\x1b\" is one too many."},
      {{"a", "-o"}, "Missing value after '-o'. See --help."},
      {{"a", "--nosuch"}, "Unknown option 'nosuch'. See --help."},
      {{"a", "-o", "year"},
       "What \"year\" is to be cannot be told from its suffix. There are: " + exporter_suffixes() + "."},
      {{"a", "-o", "year.txt"}, "What \"year.txt\" is to be"},
      {{"a", "--theme", "blue"}, "--theme \"blue\" is none of: light, dark."},
      {{"a", "--language", "fr"}, "--language \"fr\" is none of: en, ja."},
      {{"a", "--origin", "reference"}, "--origin \"reference\" is none of: capture, journey."},
      {{"a", "--scale", "0"}, "--scale \"0\" is no whole number from 1 to 1000000000."},
      {{"a", "--scale", "1.5"}, "--scale \"1.5\" is no whole number"},
      {{"a", "--scale", "1s"}, "--scale \"1s\" is no whole number"},
      {{"a", "--scale", " 1"}, "--scale \" 1\" is no whole number"},
      {{"a", "--scale", "99999999999999999999"}, "is no whole number"},
      {{"a", "--year", "x"}, "--year \"x\" is no whole number"},
      {{"a", "--journey", ""}, "--journey names none."},
      {{"a", "--keylog", ""}, "--keylog names no file."},
      {{"--average"}, "Which capture? See --help."},
      {{"--average", "a", ""}, "The capture's name is empty."},
      {{"--average", "a", "b", "c", "--keylog", "k", "--keylog", "l"},
       "--keylog is given 2 times for 3 captures: once for all, or once for each."},
      {{"--average", "a", "b", "--keylog", "k", "--keylog", ""}, "--keylog names no file."},
      {{"--compare", "--average", "a"}, "--average and --compare: one of the two."},
      {{"--compare", "--view", "letters", "a"}, "--compare and --view: one of the two."},
      {{"--align", "syn", "a"}, "--align says how --compare does it."},
      {{"--group-by", "journey", "a"}, "--group-by says how --compare does it."},
      {{"--compare", "--align", "fin", "a"}, "--align \"fin\" is none of: client-hello, syn, first."},
      {{"--compare", "--group-by", "name", "a"}, "--group-by \"name\" is none of: handshake, journey."},
      {{"--compare", "a", "-o", "x.ics"}, "What is compared is drawn: as png, svg or pdf."},
      {{"--compare", "a", "b"}, "Several captures are compared in a picture: name it with -o."},
      {{"--compare", "a", "b", "c", "--keylog", "k", "--keylog", "l"},
       "--keylog is given 2 times for 3 captures"},
      {{"--average", "a", "-o", "mean.har"}, "There are: " + mean_exporter_suffixes().toStdString() + "."},
  };
  for (const Wrong& row : rows) {
    const Parsed parsed = parse_options(row.arguments);
    EXPECT_FALSE(parsed.options);
    EXPECT_EQ(parsed.status, ExitStatus::bad_arguments);
    EXPECT_THAT(parsed.text.toStdString(), HasSubstr(row.sentence));
  }
  for (const char* size : {"", "x", "800", "0x0", "759x520", "760x519", "16385x800", "800x16385", "-800x600",
                           "800X600", "800x600x", " 800x600", "9999999999x9999999999"}) {
    const Parsed parsed = parse_options({"a", "--size", size});
    EXPECT_FALSE(parsed.options) << size;
    EXPECT_THAT(parsed.text.toStdString(),
                HasSubstr("is no WIDTHxHEIGHT in pixels from 760x520 to 16384x16384"));
  }
}

}  // namespace
}  // namespace humantime::ui
