// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/connections_layout.h"

#include <array>
#include <cmath>
#include <optional>

#include "layout/connections_sheet.h"
#include "layout/handshake_times.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

// In lines of the body's type, so that everything grows with the font.
constexpr double share_line = 1.55, message_line = 1.5, heading_line = 1.9, title_line = 2.2;
constexpr double section_gap = 1.0, column_gap = 2.4, page_margin = 1.2;
constexpr double three_columns = 56, two_columns = 38;
/// How much higher lines, boxes and gaps are at the most, where there is room.
constexpr double more_line = 0.3, more_kind = 1.8, more_gap = 1.6;
constexpr double bar_height = 0.8;

std::string joined(std::initializer_list<std::string_view> cells) {
  std::string text;
  for (const std::string_view cell : cells) text.append(text.empty() ? "" : "\t").append(cell);
  return text;
}

double as_double(std::uint64_t count) {
  return static_cast<double>(count);
}

/// A line with a bar: how many of how many.
struct ShareLine {
  std::string label;
  std::uint64_t count = 0, whole = 0;
  Ink ink = Ink::tcp;
  bool is_part = false;  ///< of the line above that is none: stands in from it
};

/// A line with a value, without a bar.
struct ValueLine {
  std::string label, value;
};

class Page {
 public:
  Page(const ConnectionsRecord& record, const ConnectionsSheet& sheet, std::vector<ConnectionsRow>& rows,
       double width, double stretch)
      : record_(record),
        s_(sheet),
        rows_(rows),
        width_(width),
        stretch_(stretch),
        em_(s_.high(TextStyle::body)) {}

  double lay_out() {
    y_ = page_margin * em_ * 0.6;
    lay_out_title();
    if (record_.connections + record_.refused + record_.unanswered > 0) {
      lay_out_shares();
      lay_out_handshakes();
      lay_out_messages();
    }
    return y_ + page_margin * em_ * 0.5;
  }

 private:
  double gap_height(double lines) const { return lines * em_ * (1 + more_gap * stretch_); }
  double left() const { return page_margin * em_; }
  double right() const { return width_ - page_margin * em_; }
  double line_height(double lines) const { return lines * em_ * (1 + more_line * stretch_); }

  void add_row(const Rect& rect, std::string cells, std::string spoken,
               std::size_t kind = ConnectionsRow::no_kind) const {
    rows_.push_back({rect, kind, std::move(cells), std::move(spoken)});
  }

  void lay_out_title() {
    const ConnectionWords& w = s_.words;
    std::string sentence = record_.connections == 1 ? std::string(w.one_connection)
                                                    : filled(w.connections, {counted(record_.connections)});
    const std::string_view comma = words_of(s_.view.language).comma;
    if (record_.refused > 0) sentence.append(comma).append(filled(w.refused, {counted(record_.refused)}));
    if (record_.unanswered > 0)
      sentence.append(comma).append(filled(w.unanswered, {counted(record_.unanswered)}));
    const std::string name = record_.server.empty() ? std::string(w.all_servers) : record_.server;
    const double height = title_line * em_, room = right() - left();
    const double behind = std::min(s_.wide(sentence, TextStyle::body) + em_, room / 2);
    const double width =
        s_.text(name, left(), y_ + height / 2, TextStyle::title, Ink::text, Align::left, room - behind);
    s_.text(sentence, left() + width + em_, y_ + height / 2 + em_ * 0.15, TextStyle::body, Ink::muted,
            Align::left, room - width - em_);
    add_row({left(), y_, room, height}, joined({name, sentence}), name + std::string(comma) + sentence);
    y_ += height;
  }

  void rule() {
    y_ += gap_height(section_gap * 0.5);
    s_.line({left(), y_}, {right(), y_}, Ink::grid);
    y_ += gap_height(section_gap * 0.3);
  }

  // -- shares: TLS, HTTP and TCP beside each other, as far as there is room

  template <typename Version, std::size_t Size>
  void add_versions(std::vector<ShareLine>& lines, const std::array<std::uint64_t, Size>& counts,
                    std::uint64_t whole, Ink ink) const {
    for (std::size_t i = 0; i < Size; ++i) {
      if (counts[i] == 0) continue;
      const auto version = static_cast<Version>(i);
      const bool quic = token_of(version) == std::string_view("quic");
      lines.push_back({label_of(version, s_.view.language), counts[i], whole, quic ? Ink::quic : ink, true});
    }
  }

  void lay_out_shares() {
    const ConnectionWords& w = s_.words;
    struct Column {
      std::string_view heading;
      std::vector<ShareLine> shares;
      std::vector<ValueLine> values;
    };
    std::vector<Column> columns;
    if (record_.connections > 0) {
      Column& tls = columns.emplace_back(Column{w.tls, {}, {}});
      tls.shares.push_back({std::string(w.with_tls), record_.tls, record_.connections, Ink::tls});
      add_versions<journeys::TlsVersion>(tls.shares, record_.tls_versions, record_.tls, Ink::tls);
      Column& http = columns.emplace_back(Column{w.http, {}, {}});
      http.shares.push_back({std::string(w.with_http), record_.http, record_.connections, Ink::http});
      add_versions<journeys::HttpVersion>(http.shares, record_.http_versions, record_.http, Ink::http);
    }
    if (record_.segments > 0) {
      Column& tcp = columns.emplace_back(Column{w.segments_heading, {}, {}});
      tcp.values.push_back({std::string(w.segments), counted(record_.segments)});
      if (record_.segment_interval_ns)
        tcp.values.push_back({std::string(w.interval), length_of(*record_.segment_interval_ns) + " · " +
                                                           real_text(*record_.segment_interval_ns)});
      tcp.shares.push_back({std::string(w.again), record_.retransmissions, record_.segments, Ink::tcp});
      tcp.shares.push_back({std::string(w.zero_windows), record_.zero_windows, record_.segments, Ink::tcp});
    }
    if (columns.empty()) return;
    rule();
    const double room = right() - left();
    const std::size_t beside = room >= three_columns * em_ ? 3 : room >= two_columns * em_ ? 2 : 1;
    const std::size_t across = std::min(beside, columns.size());
    const double gap = column_gap * em_;
    const double each = (room - gap * static_cast<double>(across - 1)) / static_cast<double>(across);
    // What has no place beside the others goes below the shortest of them.
    std::vector<double> bottoms(across, y_);
    for (const Column& column : columns) {
      const auto shortest = std::min_element(bottoms.begin(), bottoms.end());
      const double x = left() + static_cast<double>(shortest - bottoms.begin()) * (each + gap);
      double y = lay_out_heading(column.heading, x, *shortest);
      for (const ValueLine& line : column.values) y = lay_out_value(line, x, y, each);
      *shortest = lay_out_share_lines(column.shares, x, y, each);
    }
    y_ = *std::max_element(bottoms.begin(), bottoms.end());
  }

  double lay_out_heading(std::string_view heading, double x, double y) const {
    const double height = line_height(heading_line);
    s_.text(std::string(heading), x, y + height / 2, TextStyle::heading);
    return y + height;
  }

  double lay_out_value(const ValueLine& line, double x, double y, double width) const {
    const double height = line_height(share_line);
    const double value =
        s_.text(line.value, x + width, y + height / 2, TextStyle::body, Ink::text, Align::right, width);
    s_.text(line.label, x, y + height / 2, TextStyle::body, Ink::muted, Align::left, width - value - em_ / 2);
    add_row({x, y, width, height}, joined({line.label, line.value}), line.label + ": " + line.value);
    return y + height;
  }

  double lay_out_share_lines(const std::vector<ShareLine>& lines, double x, double y, double width) const {
    double labels = 0, counts = 0, shares = 0;
    for (const ShareLine& line : lines) {
      labels = std::max(labels, s_.wide(line.label, TextStyle::body) + (line.is_part ? em_ : 0));
      counts = std::max(counts, s_.wide(counted(line.count), TextStyle::body));
      shares = std::max(shares,
                        s_.wide(percent_text(as_double(line.count), as_double(line.whole)), TextStyle::body));
    }
    labels = std::max(3 * em_, std::min({labels, width * 0.45, width - counts - shares - 1.8 * em_}));
    const double height = line_height(share_line);
    const double bar_left = x + labels + em_ * 0.6;
    const double bar_right = x + width - counts - shares - 1.4 * em_;
    for (const ShareLine& line : lines) {
      const double middle = y + height / 2;
      const double in = line.is_part ? em_ : 0;
      s_.text(line.label, x + in, middle, TextStyle::body, line.is_part ? Ink::muted : Ink::text, Align::left,
              labels - in);
      lay_out_bar(bar_left, bar_right, middle, em_ * bar_height, as_double(line.count), as_double(line.whole),
                  line.ink);
      const std::string share = percent_text(as_double(line.count), as_double(line.whole));
      s_.text(counted(line.count), x + width - shares - 0.7 * em_, middle, TextStyle::body, Ink::text,
              Align::right);
      s_.text(share, x + width, middle, TextStyle::body, Ink::muted, Align::right);
      add_row({x, y, width, height}, joined({line.label, std::to_string(line.count), share}),
              filled(s_.words.said_share, {line.label, counted(line.count), counted(line.whole), share}));
      y += height;
    }
    return y;
  }

  /// On a rail as long as the whole.
  void lay_out_bar(double from, double to, double middle, double height, double part, double whole,
                   Ink ink) const {
    if (to - from < em_) return;
    s_.fill({from, middle - height / 2, to - from, height}, Ink::shade);
    if (whole <= 0 || part <= 0) return;
    // What is not nothing is to be seen.
    const double length = std::max(1.0, std::min(part / whole, 1.0) * (to - from));
    s_.fill({from, middle - height / 2, length, height}, ink);
  }

  // -- handshakes

  void lay_out_handshakes() {
    if (record_.handshakes == 0 && record_.broken_off == 0) return;
    rule();
    const ConnectionWords& w = s_.words;
    const std::string_view comma = words_of(s_.view.language).comma;
    std::string sentence = filled(w.completed, {counted(record_.handshakes)});
    if (record_.broken_off > 0)
      sentence.append(comma).append(filled(w.broken_off, {counted(record_.broken_off)}));
    const double height = line_height(heading_line);
    const double width = s_.text(std::string(w.handshakes), left(), y_ + height / 2, TextStyle::heading);
    s_.text(sentence, left() + width + em_, y_ + height / 2, TextStyle::body, Ink::muted, Align::left,
            right() - left() - width - em_);
    add_row({left(), y_, right() - left(), height}, joined({w.handshakes, sentence}),
            std::string(w.handshakes) + ": " + sentence);
    y_ += height;
    y_ = lay_out_handshake_times(record_, s_, {left(), right(), y_, 1 + more_kind * stretch_}, rows_);
  }

  // -- messages: from the inside out

  void lay_out_messages() {
    if (record_.http == 0) return;
    rule();
    y_ = lay_out_heading(s_.words.bytes, left(), y_);
    const double room = right() - left();
    const double gap = column_gap * em_;
    const bool beside = room >= two_columns * em_;
    const double each = beside ? (room - gap) / 2 : room;
    const double top = y_;
    const double first = lay_out_direction(record_.requests, s_.words.requests, left(), top, each);
    const double x = beside ? left() + each + gap : left();
    const double second =
        lay_out_direction(record_.responses, s_.words.responses, x, beside ? top : first, each);
    y_ = std::max(first, second);
  }

  double lay_out_direction(const MessagesRecord& of, std::string_view heading, double x, double y,
                           double width) const {
    const ConnectionWords& w = s_.words;
    const double height = line_height(message_line);
    const std::string said = filled(heading, {counted(of.messages), counted(of.frames)});
    s_.text(said, x, y + height / 2, TextStyle::body_bold, Ink::text, Align::left, width);
    add_row({x, y, width, height}, said, said);
    y += height;
    if (of.frames == 0) return y;
    struct Layer {
      std::string_view name;
      std::optional<std::uint64_t> bytes;
      Ink ink;
    };
    // Where some connections had no TLS, its records carried a part of what HTTP wrote.
    const bool all_in_records = record_.tls == record_.connections;
    const std::array<Layer, 3> layers = {
        {{w.http_bytes, of.application_bytes, Ink::http},
         {all_in_records ? w.tls_bytes : w.some_tls_bytes, of.tls_bytes, Ink::tls},
         {w.frame_bytes, of.frame_bytes, Ink::tcp}}};
    double labels = 0, numbers = 0;
    std::uint64_t most = 0;
    for (const Layer& layer : layers) {
      labels = std::max(labels, s_.wide(layer.name, TextStyle::body));
      numbers = std::max(
          numbers, s_.wide(layer.bytes ? counted(*layer.bytes) : std::string(w.unread), TextStyle::body));
      most = std::max(most, layer.bytes.value_or(0));
    }
    std::string mean;
    for (const Layer& layer : layers) {
      // Where nothing is encrypted there are no records; where nobody decrypted them no words.
      if (!layer.bytes && layer.ink == Ink::tls) continue;
      const double middle = y + height / 2;
      s_.text(std::string(layer.name), x + em_, middle, TextStyle::body, Ink::muted);
      const std::string bytes = layer.bytes ? counted(*layer.bytes) : std::string(w.unread);
      s_.text(bytes, x + width, middle, TextStyle::body, layer.bytes ? Ink::text : Ink::muted, Align::right);
      if (layer.bytes)
        lay_out_bar(x + labels + 1.6 * em_, x + width - numbers - 0.7 * em_, middle, em_ * bar_height,
                    as_double(*layer.bytes), as_double(most), layer.ink);
      add_row(
          {x, y, width, height}, joined({layer.name, layer.bytes ? std::to_string(*layer.bytes) : bytes}),
          layer.bytes ? filled(w.said_bytes, {layer.name, bytes}) : std::string(layer.name) + ": " + bytes);
      y += height;
      if (layer.bytes && of.messages > 0 && (all_in_records || layer.ink != Ink::tls)) {
        const auto each =
            static_cast<std::uint64_t>(std::llround(as_double(*layer.bytes) / as_double(of.messages)));
        mean.append(mean.empty() ? "" : " → ").append(counted(each));
      }
    }
    // Of one message it would be the same once more.
    if (of.messages > 1) {
      mean = filled(w.mean, {mean});
      s_.text(mean, x + em_, y + height / 2, TextStyle::body, Ink::muted, Align::left, width - em_);
      add_row({x, y, width, height}, mean, mean);
      y += height;
    }
    return y;
  }

  std::string length_of(std::int64_t ns) const {
    return length_text(stretch(Nanoseconds{ns}, s_.view.scale), s_.view.language);
  }

  const ConnectionsRecord& record_;
  const ConnectionsSheet& s_;
  std::vector<ConnectionsRow>& rows_;
  double width_, stretch_, em_;  ///< stretch: 0 to 1
  double y_ = 0;
};

}  // namespace

std::string elided(std::string text, double width, TextStyle style, const TextMeasure& measure) {
  if (measure.width(text, style) <= width) return text;
  // By bisection, for a name may be long: how many bytes remain, half of them on either side.
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
  };
  const auto cut = [&](std::size_t kept) {
    std::size_t head = (kept + 1) / 2, tail = text.size() - kept / 2;
    while (head > 0 && continues(head)) --head;
    while (continues(tail)) ++tail;
    return text.substr(0, head) + "…" + text.substr(tail);
  };
  std::size_t fits = 0, too_long = text.size();
  while (too_long - fits > 1) {
    const std::size_t middle = (fits + too_long) / 2;
    (measure.width(cut(middle), style) <= width ? fits : too_long) = middle;
  }
  if (fits == 0 && measure.width("…", style) > width) return {};
  return cut(fits);
}

double lay_out_connections(const ConnectionsRecord& record, const View& view, double width, double height,
                           const TextMeasure& measure, Scene& scene, std::vector<ConnectionsRow>& rows) {
  const ConnectionsSheet sheet{view, connection_words(view.language), measure, scene};
  const auto lay_out = [&](double stretch) {
    scene.clear();
    rows.clear();
    return Page(record, sheet, rows, width, stretch).lay_out();
  };
  const double needed = lay_out(0);
  if (needed < height) {
    // What grows, grows evenly: a second layout tells how much.
    const double stretched = lay_out(1);
    if (stretched > height) lay_out((height - needed) / (stretched - needed));
  }
  scene.bounds = {0, 0, width, std::max(needed, height)};
  return needed;
}

}  // namespace humantime::ui
