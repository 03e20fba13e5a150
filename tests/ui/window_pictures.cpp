// SPDX-License-Identifier: GPL-2.0-or-later
// Draws the window for people to look at: window-pictures FOLDER [EVENTS], EVENTS as -z humantime,events,json
// writes them; window-pictures FOLDER --compare REPORTS draws the page that compares, REPORTS as the reports
// events, journeys and capture write them in JSON.
#include <QApplication>
#include <QElapsedTimer>
#include <QPixmap>
#include <QStyleFactory>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "command/json_source.h"
#include "layout/page.h"
#include "window/compare_view.h"
#include "window/play_control.h"
#include "window/timeline_window.h"
#include "window_source.h"

using namespace humantime;
using namespace humantime::ui;

namespace {

void read_events(const std::string& path, WrittenSource& source) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] != '{') continue;
    const auto json = nlohmann::json::parse(line);
    const auto number = json["frame"].get<std::size_t>();
    source.frames.resize(std::max(source.frames.size(), number));
    source.texts.resize(source.frames.size());
    EventRecord& record = source.frames[number - 1];
    if (!json["time_ns"].is_null()) record.time_ns = json["time_ns"].get<std::int64_t>();
    if (!json["journey"].is_null()) record.journey = json["journey"].get<std::uint32_t>();
    if (json["end"] == "client") record.end = End::client;
    if (json["end"] == "server") record.end = End::server;
    if (json["direction"] == "sent") record.direction = journeys::Direction::sent;
    if (json["direction"] == "received") record.direction = journeys::Direction::received;
    for (const auto& token : json["phases"]) {
      const Phase phase = phase_from_token(token.get<std::string>()).value();
      const Stage stage = row_of(phase).stage == Stage::of_the_moment ? Stage::other : row_of(phase).stage;
      record.marks.push_back({phase, stage, Certainty::seen});
    }
    source.texts[number - 1] = {json.value("from", ""), json.value("to", ""),
                                json["detail"].is_null() ? "" : json["detail"].get<std::string>()};
    while (source.journey_list.size() < record.journey) {
      const auto next = static_cast<std::uint32_t>(source.journey_list.size() + 1);
      source.journey_list.push_back({next, journeys::Kind::completed, FrameNumber{1}, 0, 0, "journey"});
    }
    if (record.journey > 0 && source.texts[number - 1].detail.find(' ') == std::string::npos &&
        !source.texts[number - 1].detail.empty())
      source.journey_list[record.journey - 1].name = source.texts[number - 1].detail;
  }
}

QPalette dark_palette() {
  QPalette palette(QColor(0x2b, 0x30, 0x36), QColor(0x23, 0x27, 0x2c));
  palette.setColor(QPalette::Base, QColor(0x15, 0x18, 0x1c));
  palette.setColor(QPalette::Text, QColor(0xec, 0xef, 0xf2));
  palette.setColor(QPalette::WindowText, QColor(0xec, 0xef, 0xf2));
  palette.setColor(QPalette::ButtonText, QColor(0xec, 0xef, 0xf2));
  palette.setColor(QPalette::Highlight, QColor(0x7c, 0xc0, 0xff));
  return palette;
}

QPalette high_contrast_palette() {
  QPalette palette(Qt::black, Qt::black);
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
    palette.setColor(role, Qt::white);
  palette.setColor(QPalette::Base, Qt::black);
  palette.setColor(QPalette::Window, Qt::black);
  palette.setColor(QPalette::Highlight, Qt::yellow);
  return palette;
}

/// One window, when it has taken everything and what `prepare` asks for.
template <typename Prepare>
void draw_window(const Source& source, const QString& file, QSize size, Language language, Prepare prepare) {
  const auto settle = [](TimelineWindow& window, int least_ms) {
    QElapsedTimer clock;
    clock.start();
    while (window.is_busy() || clock.elapsed() < least_ms)
      QApplication::processEvents(QEventLoop::AllEvents, 20);
  };
  TimelineWindow window(source, nullptr);
  window.resize(size);
  window.show();
  settle(window, 200);
  View view = window.view();
  view.language = language;
  window.set_view(view);
  prepare(window);
  settle(window, 100);
  window.grab().save(file);
}

/// The page that compares, as it is and with what a person may do to it.
bool draw_comparisons(const QString& folder, const std::string& reports) {
  JsonSource source("handshakes-compared.pcapng.gz");
  std::ifstream file(reports, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!source.take(bytes) || !source.finish()) {
    std::cerr << source.error() << "\n";
    return false;
  }
  const auto draw = [&](const char* name, QSize size, Language language, auto prepare) {
    draw_window(source, folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"), size,
                language, [&](TimelineWindow& window) {
                  window.show_page(ViewKind::compare);
                  prepare(window);
                });
  };
  const auto nothing = [](TimelineWindow&) {};
  const auto of_view = [](auto change) {
    return [change](TimelineWindow& window) {
      View view = window.view();
      change(view);
      window.set_view(view);
    };
  };
  const QSize usual(1280, 800), large(1920, 1080);
  draw("compare", usual, Language::english, nothing);
  draw("compare-large", large, Language::english, nothing);
  draw("compare-ja", usual, Language::japanese, nothing);
  draw("compare-least", {760, 520}, Language::english, nothing);
  draw("compare-selected", usual, Language::english, [&](TimelineWindow& window) {
    auto* page = window.findChild<CompareView*>();
    window.select_frame(window.timeline().at(page->comparison().rows.at(1).trips.at(0).ask).frame);
  });
  draw("compare-two", usual, Language::english, of_view([](View& view) { view.compare.only = {1, 6}; }));
  draw("compare-first", large, Language::english,
       of_view([](View& view) { view.compare.align = Alignment::first_frame; }));
  draw("compare-syn-ja", large, Language::japanese,
       of_view([](View& view) { view.compare.align = Alignment::connection; }));
  draw("compare-played", usual, Language::english, [](TimelineWindow& window) {
    window.findChild<PlayControl*>()->go_to(time_of({1, 5, 20, 0, 0, 0, 0}));
  });
  const QPalette light = QApplication::palette();
  QApplication::setPalette(dark_palette());
  draw("compare-dark", large, Language::english, nothing);
  QApplication::setPalette(high_contrast_palette());
  draw("compare-contrast", usual, Language::english, nothing);
  QApplication::setPalette(light);
  return true;
}

/// What packets are made of, at the first ServerHello of tshark's reports.
bool draw_packets(const QString& folder, const char* reports) {
  JsonSource source("packets");
  std::ifstream file(reports, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!source.take(bytes) || !source.finish()) {
    std::cerr << source.error() << "\n";
    return false;
  }
  const auto draw = [&](const char* name, QSize size, Language language, Level level) {
    draw_window(source, folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"), size,
                language, [&](TimelineWindow& window) {
                  const Timeline& timeline = window.timeline();
                  for (const Event& event : timeline.events()) {
                    if (event.phase != Phase::tls_server_hello) continue;
                    window.select_frame(event.frame);
                    View view = window.view();
                    view.level = level;
                    view.at = stretched(event.time_ns, origin_of(timeline, view).value_or(0), view.scale);
                    window.set_view(view);
                    return;
                  }
                });
  };
  const QSize usual(1280, 800), large(1920, 1080);
  draw("packet-hour", usual, Language::english, Level::hour);
  draw("packet-minute", large, Language::english, Level::minute);
  draw("packet-minute-ja", large, Language::japanese, Level::minute);
  const QPalette light = QApplication::palette();
  QApplication::setPalette(dark_palette());
  draw("packet-dark", large, Language::english, Level::hour);
  QApplication::setPalette(high_contrast_palette());
  draw("packet-contrast", usual, Language::english, Level::minute);
  QApplication::setPalette(light);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QFont font(QStringLiteral("Noto Sans"));
  font.setPixelSize(12);
  QApplication::setFont(font);
  if (argc < 2) return 2;
  const QString folder = QString::fromLocal8Bit(argv[1]);
  if (argc == 4 && std::string(argv[2]) == "--compare") return draw_comparisons(folder, argv[3]) ? 0 : 1;
  if (argc == 4 && std::string(argv[2]) == "--packets") return draw_packets(folder, argv[3]) ? 0 : 1;
  WrittenSource source;
  if (argc > 2)
    read_events(argv[2], source);
  else
    write_article(TEST_DATA "/article-timeline.tsv", source);

  const auto draw = [&](const QString& name, QSize size, Language language, auto prepare) {
    TimelineWindow window(source, nullptr);
    window.resize(size);
    window.show();
    QElapsedTimer clock;
    clock.start();
    while (window.is_busy() || clock.elapsed() < 200) QApplication::processEvents(QEventLoop::AllEvents, 20);
    View view = window.view();
    view.language = language;
    view.light_ns = 5'889'000;
    window.set_view(view);
    prepare(window);
    clock.restart();
    while (window.is_busy() || clock.elapsed() < 100) QApplication::processEvents(QEventLoop::AllEvents, 20);
    window.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
  };
  const auto nothing = [](TimelineWindow&) {};
  const auto hello = [&](TimelineWindow& window) {
    for (std::size_t i = 0; i < source.frames.size(); ++i)
      if (!source.frames[i].marks.empty() && source.frames[i].marks[0].phase == Phase::tls_client_hello)
        return window.select_frame(FrameNumber{static_cast<std::uint32_t>(i + 1)});
  };
  const auto at_level = [&](Level level) {
    return [&, level](TimelineWindow& window) {
      hello(window);
      View view = window.view();
      view.at = time_of({1, 3, 9, 19, 27, 0, 0});
      view.level = level;
      window.set_view(view);
    };
  };
  const QSize usual(1280, 800);
  draw(QStringLiteral("year"), usual, Language::english, nothing);
  draw(QStringLiteral("year-selected"), usual, Language::english, hello);
  draw(QStringLiteral("year-ja"), usual, Language::japanese, hello);
  draw(QStringLiteral("month"), usual, Language::english, at_level(Level::month));
  draw(QStringLiteral("day"), usual, Language::english, at_level(Level::day));
  draw(QStringLiteral("large"), {1920, 1080}, Language::english, hello);
  draw(QStringLiteral("least"), {760, 520}, Language::english, hello);
  draw(QStringLiteral("diary"), usual, Language::japanese, [&](TimelineWindow& window) {
    hello(window);
    window.show_page(ViewKind::diary);
  });
  const auto letters = [](TimelineWindow& window) { window.show_page(ViewKind::letters); };
  draw(QStringLiteral("letters"), usual, Language::english, letters);
  draw(QStringLiteral("letters-ja"), usual, Language::japanese, letters);
  draw(QStringLiteral("letters-least"), {760, 520}, Language::english, letters);
  draw(QStringLiteral("letters-whole"), usual, Language::english, [&](TimelineWindow& window) {
    letters(window);
    View view = window.view();
    view.window = TimeWindow{0, stretched_seconds_per_year};
    window.set_view(view);
  });
  draw(QStringLiteral("letters-day"), usual, Language::english, [&](TimelineWindow& window) {
    letters(window);
    hello(window);
    View view = window.view();
    view.window = TimeWindow{time_of({1, 3, 8, 12, 0, 0, 0}).seconds, 3 * seconds_per_day};
    window.set_view(view);
  });
  draw(QStringLiteral("letters-played"), usual, Language::english, [&](TimelineWindow& window) {
    letters(window);
    window.findChild<PlayControl*>()->go_to(time_of({1, 3, 13, 0, 0, 0, 0}));
  });
  const QPalette light = QApplication::palette();
  QApplication::setPalette(dark_palette());
  draw(QStringLiteral("dark"), usual, Language::english, hello);
  draw(QStringLiteral("letters-dark"), {1920, 1080}, Language::japanese, letters);
  QApplication::setPalette(high_contrast_palette());
  draw(QStringLiteral("contrast"), usual, Language::english, hello);
  draw(QStringLiteral("letters-contrast"), usual, Language::english, letters);
  QApplication::setPalette(light);
  return 0;
}
