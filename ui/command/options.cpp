// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <memory>

#include "command/argument_bytes.h"
#include "command/averaging.h"
#include "text.h"

namespace humantime::ui {
namespace {

constexpr int largest_side = 16'384;
constexpr int farthest_km = 1'000'000;
constexpr std::uint32_t longest_year = 1'000'000'000;  ///< as the preference humantime.seconds_per_year

Parsed wrong(const QString& sentence) {
  return {std::nullopt, ExitStatus::bad_arguments, sentence};
}

/// A value as it may be shown.
QString shown(const QString& value) {
  return QString::fromStdString(printable(bytes_of(value)));
}

template <typename Value>
struct Choice {
  const char* word;
  Value value;
};
constexpr std::array themes = {Choice<Theme::Variant>{"light", Theme::Variant::light},
                               Choice<Theme::Variant>{"dark", Theme::Variant::dark}};
constexpr std::array languages = {Choice<Language>{"en", Language::english},
                                  Choice<Language>{"ja", Language::japanese}};
constexpr std::array origins = {Choice<OriginChoice>{"capture", OriginChoice::capture},
                                Choice<OriginChoice>{"journey", OriginChoice::journey}};

constexpr std::array views = {Choice<ViewKind>{"calendar", ViewKind::calendar},
                              Choice<ViewKind>{"letters", ViewKind::letters},
                              Choice<ViewKind>{"connections", ViewKind::connections}};

constexpr std::array alignments = {Choice<Alignment>{"client-hello", Alignment::client_hello},
                                   Choice<Alignment>{"syn", Alignment::connection},
                                   Choice<Alignment>{"first", Alignment::first_frame}};
constexpr std::array groupings = {Choice<CompareRows>{"handshake", CompareRows::handshakes},
                                  Choice<CompareRows>{"journey", CompareRows::journeys}};
/// What --compare draws is a picture.
constexpr std::array pictures = {"png", "svg", "pdf"};

template <typename Value, std::size_t size>
std::optional<QString> choose(const QCommandLineParser& parser, const QString& option,
                              const std::array<Choice<Value>, size>& choices, Value& out) {
  if (!parser.isSet(option)) return std::nullopt;
  const QString value = parser.value(option);
  QString words;
  for (const Choice<Value>& choice : choices) {
    const QLatin1String word(choice.word);
    if (value == word) {
      out = choice.value;
      return std::nullopt;
    }
    words += (words.isEmpty() ? QString() : QStringLiteral(", ")) + word;
  }
  return QStringLiteral("--%1 \"%2\" is none of: %3.").arg(option, shown(value), words);
}

/// Into an optional value: not set is none.
template <typename Value, std::size_t size>
std::optional<QString> choose(const QCommandLineParser& parser, const QString& option,
                              const std::array<Choice<Value>, size>& choices, std::optional<Value>& out) {
  Value value{};
  const std::optional<QString> error = choose(parser, option, choices, value);
  if (!error && parser.isSet(option)) out = value;
  return error;
}

/// A whole number within the range, digits only.
std::optional<QString> take_number(const QCommandLineParser& parser, const QString& option, qint64 least,
                                   qint64 most, std::optional<std::int64_t>& out) {
  if (!parser.isSet(option)) return std::nullopt;
  const QString value = parser.value(option);
  bool whole = false;
  const qint64 number = value.toLongLong(&whole);
  static const QRegularExpression digits(QStringLiteral("^-?[0-9]+$"));
  if (!whole || !digits.match(value).hasMatch() || number < least || number > most)
    return QStringLiteral("--%1 \"%2\" is no whole number from %3 to %4.")
        .arg(option, shown(value))
        .arg(least)
        .arg(most);
  out = number;
  return std::nullopt;
}

/// Digits with or without a point, as the preference humantime.distance_km has them.
std::optional<QString> take_distance(const QCommandLineParser& parser, double& out) {
  if (!parser.isSet(QStringLiteral("distance"))) return std::nullopt;
  const QString value = parser.value(QStringLiteral("distance"));
  static const QRegularExpression form(QStringLiteral("^[0-9]{1,9}(\\.[0-9]{1,9})?$"));
  // The C locale's point, whatever the user's.
  out = value.toDouble();
  if (form.match(value).hasMatch() && out > 0 && out <= farthest_km) return std::nullopt;
  return QStringLiteral("--distance \"%1\" is no number of kilometres up to %2, as in 1177.3.")
      .arg(shown(value))
      .arg(farthest_km);
}

std::optional<QString> take_size(const QCommandLineParser& parser, Options& out) {
  if (!parser.isSet(QStringLiteral("size"))) return std::nullopt;
  const QString value = parser.value(QStringLiteral("size"));
  static const QRegularExpression form(QStringLiteral("^([0-9]{1,6})x([0-9]{1,6})$"));
  const QRegularExpressionMatch match = form.match(value);
  const int width = match.captured(1).toInt(), height = match.captured(2).toInt();
  // The least that the window may be.
  constexpr int least_width = 760, least_height = 520;
  if (!match.hasMatch() || width < least_width || height < least_height || width > largest_side ||
      height > largest_side)
    return QStringLiteral("--size \"%1\" is no WIDTHxHEIGHT in pixels from %2x%3 to %4x%4, as in 1280x800.")
        .arg(shown(value))
        .arg(least_width)
        .arg(least_height)
        .arg(largest_side);
  out.width = width;
  out.height = height;
  return std::nullopt;
}

/// One key log for all runs, or one for each.
std::optional<QString> take_runs(const QStringList& captures, const QStringList& key_logs,
                                 std::vector<Recording>& out) {
  if (key_logs.size() > 1 && key_logs.size() != captures.size())
    return QStringLiteral("--keylog is given %1 times for %2 captures: once for all, or once for each.")
        .arg(key_logs.size())
        .arg(captures.size());
  for (int i = 0; i < static_cast<int>(captures.size()); ++i) {
    Recording run{bytes_of(captures[i]), {}};
    if (!key_logs.isEmpty()) run.key_log = bytes_of(key_logs.size() == 1 ? key_logs[0] : key_logs[i]);
    out.push_back(std::move(run));
  }
  return std::nullopt;
}

QString help_of(const QCommandLineParser& parser) {
  // Qt asks the application how the program was called, and crashes where there is none.
  int count = 1;
  char name[] = "year-timeline";
  char* names[] = {name, nullptr};
  std::unique_ptr<QCoreApplication> application;
  if (QCoreApplication::instance() == nullptr) application = std::make_unique<QCoreApplication>(count, names);
  QString help = parser.helpText();
  help.replace(QCoreApplication::arguments().constFirst(), QLatin1String(name));
  help += QLatin1String("\nExit status:\n");
  for (const ExitStatusRow& row : exit_statuses)
    help += QStringLiteral("  %1  %2\n")
                .arg(static_cast<int>(row.status), 3)
                .arg(QString::fromUtf8(row.meaning.data(), static_cast<int>(row.meaning.size())));
  return help;
}

}  // namespace

Parsed parse_options(const std::vector<std::string>& arguments) {
  const QString suffixes = QString::fromStdString(exporter_suffixes());
  const auto name = [](const char* text) { return QLatin1String(text); };
  QCommandLineParser parser;
  parser.setApplicationDescription(
      name("Draws a capture as a year: one second of network traffic stretched to 365 days.\n"
           "Without -o it opens a window. It asks tshark, which needs the humantime plugin; a folder of "
           "plugins can\n"
           "be named in WIRESHARK_PLUGIN_DIR."));
  const QCommandLineOption help({name("h"), name("help")}, name("Says this."));
  const QCommandLineOption version({name("v"), name("version")}, name("Says the version."));
  parser.addOptions({
      {name("average"),
       name("Averages all captures that are named: their journeys that went alike, milestone by milestone. "
            "Without -o and without a display it prints a table.")},
      {name("compare"),
       name(
           "Compares journeys of all captures that are named, one below another: their round trips since the "
           "ClientHello. Of several captures -o names a picture.")},
      {name("align"),
       name(
           "What --compare begins each row with: the ClientHello (default), the connection's first packet (a "
           "SYN, or QUIC's first Initial), or the journey's first frame."),
       name("client-hello|syn|first")},
      {name("group-by"),
       name(
           "What a row of --compare is: the mean of the journeys whose handshakes were of one kind (default, "
           "where there are more than 8 journeys), or a journey."),
       name("handshake|journey")},
      {{name("o"), name("output")},
       QStringLiteral("Writes to FILE; its suffix says what: %1; of an average also txt, but no har.")
           .arg(suffixes),
       name("FILE")},
      {name("size"), name("Of a PNG or SVG, in pixels (1280x800)."), name("WxH")},
      {name("view"),
       name("What is shown: the calendar (default), the letters between the ends, or what the connections "
            "were "
            "like; of these CSV and JSON have the totals."),
       name("calendar|letters|connections")},
      {name("distance"), name("Kilometres of fibre between the ends: what light needs for them is shown."),
       name("KM")},
      {name("theme"), name("Of a PNG or SVG: light (default) or dark. Paper is white."), name("THEME")},
      {name("language"), name("Of dates and labels: en (default) or ja."), name("LANGUAGE")},
      {name("journey"),
       name("Only this fetch: its number, or its name. Of runs that are averaged those of this name; of "
            "connections those to its server. With --compare several, as in 1,3."),
       name("N|NAME")},
      {name("year"), name("The year that is drawn; the first one with an event. A PDF has all."), name("N")},
      {name("filter"),
       name("Only frames that pass this display filter; of an average, journeys with such a frame."),
       name("DISPLAYFILTER")},
      {name("keylog"),
       name("The secrets of TLS, a key log file. Of several captures one for all, or one for each in order."),
       name("FILE")},
      {name("scale"), name("How many seconds of the capture make a year (1)."), name("SECONDS")},
      {name("origin"),
       name("January 1st is the first frame of the capture (default) or of the journey. A mean's is the "
            "journey's."),
       name("capture|journey")},
  });
  parser.addOptions({help, version});
  parser.addPositionalArgument(
      name("CAPTURE"),
      name("The capture file; with --average or --compare, one or more. Behind --, it may begin with a "
           "dash."),
      name("CAPTURE..."));

  QStringList words{QStringLiteral("year-timeline")};
  for (const std::string& argument : arguments) words.append(text_of(argument));
  if (!parser.parse(words)) return wrong(shown(parser.errorText()) + name(" See --help."));
  if (parser.isSet(help)) return {std::nullopt, ExitStatus::done, help_of(parser)};
  if (parser.isSet(version))
    return {std::nullopt, ExitStatus::done, name("year-timeline " HUMANTIME_VERSION "\n")};

  Options options;
  const QStringList captures = parser.positionalArguments();
  if (captures.isEmpty()) return wrong(name("Which capture? See --help."));
  const QStringList key_logs = parser.values(name("keylog"));
  const bool averages = parser.isSet(name("average"));
  const bool compares = parser.isSet(name("compare"));
  if (averages && compares) return wrong(name("--average and --compare: one of the two."));
  for (const char* option : {"align", "group-by"})
    if (parser.isSet(name(option)) && !compares)
      return wrong(QStringLiteral("--%1 says how --compare does it.").arg(name(option)));
  if (compares && parser.isSet(name("view"))) return wrong(name("--compare and --view: one of the two."));
  if (captures.size() > 1 && !averages && !compares)
    return wrong(QStringLiteral("One capture at a time: \"%1\" is one too many.").arg(shown(captures[1])));
  if (captures.contains(QString())) return wrong(name("The capture's name is empty."));
  if (key_logs.contains(QString())) return wrong(name("--keylog names no file."));
  if (averages || compares) {
    std::vector<Recording>& recordings = averages ? options.runs : options.compared;
    if (const auto error = take_runs(captures, key_logs, recordings)) return wrong(*error);
  }
  if (compares) options.view = ViewKind::compare;
  if (compares && captures.size() > 1 && !parser.isSet(name("output")))
    return wrong(name("Several captures are compared in a picture: name it with -o."));
  if (!averages) {
    options.capture = bytes_of(captures[0]);
    if (!key_logs.isEmpty()) options.key_log = bytes_of(key_logs.constLast());
  }

  if (parser.isSet(name("output"))) {
    options.output = bytes_of(parser.value(name("output")));
    options.exporter = averages ? mean_exporter_of(*options.output) : exporter_of(*options.output);
    if (options.exporter == nullptr)
      return wrong(
          QStringLiteral("What \"%1\" is to be cannot be told from its suffix. There are: %2.")
              .arg(shown(parser.value(name("output"))), averages ? mean_exporter_suffixes() : suffixes));
  }
  const auto is_suffix = [&](const char* suffix) { return options.exporter->suffix == suffix; };
  if (compares && options.output && std::none_of(pictures.begin(), pictures.end(), is_suffix))
    return wrong(QStringLiteral("What is compared is drawn: as %1.").arg(name("png, svg or pdf")));
  std::optional<std::int64_t> scale;
  for (const std::optional<QString>& error :
       {take_size(parser, options), choose(parser, name("theme"), themes, options.theme),
        choose(parser, name("language"), languages, options.language),
        choose(parser, name("origin"), origins, options.origin),
        choose(parser, name("view"), views, options.view),
        choose(parser, name("align"), alignments, options.compare.align),
        choose(parser, name("group-by"), groupings, options.compare.rows),
        take_distance(parser, options.distance_km),
        take_number(parser, name("scale"), 1, longest_year, scale),
        take_number(parser, name("year"), -1'000'000'000'000, 1'000'000'000'000, options.year)})
    if (error) return wrong(*error);
  if (averages && options.view == ViewKind::connections)
    return wrong(name("A mean has no connections of its own: --view connections is of one capture."));
  options.seconds_per_year = static_cast<std::uint32_t>(scale.value_or(1));
  options.journey = parser.value(name("journey"));
  options.filter = parser.value(name("filter"));
  if (parser.isSet(name("journey")) && options.journey.isEmpty()) return wrong(name("--journey names none."));
  return {options, ExitStatus::done, {}};
}

}  // namespace humantime::ui
