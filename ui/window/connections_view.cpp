// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/connections_view.h"

#include <QEvent>
#include <QLineEdit>
#include <algorithm>

#include "layout/connection_words.h"
#include "window/event_words.h"

namespace humantime::ui {

// -- the page

ConnectionsPage::ConnectionsPage(QWidget* parent) : LinesCanvas(parent) {
  setObjectName(QStringLiteral("connections_page"));
  setMinimumSize(300, 160);
}

void ConnectionsPage::set_record(const ConnectionsRecord* record) {
  record_ = record;
  set_stale();
}

const std::vector<ConnectionsRow>& ConnectionsPage::lines() {
  scene();
  return lines_;
}

void ConnectionsPage::lay_out(const Timeline&, const TextMeasure& measure, Scene& scene) {
  lines_.clear();
  height_ = 0;
  if (record_ != nullptr)
    height_ = lay_out_connections(*record_, view_, room(), height(), measure, scene, lines_);
}

QString ConnectionsPage::line_name(std::size_t line) {
  return line < lines().size() ? to_qt(lines_[line].spoken) : QString();
}

QString ConnectionsPage::page_name() {
  return lines().empty() ? QString() : to_qt(lines_.front().spoken);
}

void ConnectionsPage::offset_changed() {
  repaint_scene();
  update();
}

// -- the servers

ServersPage::ServersPage(QWidget* parent) : LinesCanvas(parent) {
  setObjectName(QStringLiteral("servers_page"));
}

void ServersPage::set_connections(const Connections* connections) {
  connections_ = connections;
  search(searched_);
}

void ServersPage::search(const QString& text) {
  searched_ = text;
  order_.clear();
  if (connections_ != nullptr) order_ = server_order(*connections_);
  if (!text.isEmpty())
    std::erase_if(order_, [&](std::size_t at) {
      const std::string& name = (*connections_)[at].server;
      return !name.empty() && !to_qt(name).contains(text, Qt::CaseInsensitive);
    });
  set_stale();
}

std::size_t ServersPage::place_of(const std::string& server) const {
  for (std::size_t line = 0; line < order_.size(); ++line)
    if ((*connections_)[order_[line]].server == server) return line;
  return 0;
}

const ConnectionsRecord* ServersPage::at(std::size_t line) const {
  return line < order_.size() ? &(*connections_)[order_[line]] : nullptr;
}

void ServersPage::lay_out(const Timeline&, const TextMeasure& measure, Scene& scene) {
  const Rect first = server_rect(0, room(), measure);
  head_ = first.y;
  line_ = first.height;
  height_ = server_list_height(order_.size(), measure);
  if (connections_ == nullptr) return;
  const double least_offset = std::min(offset(), std::max(0.0, height_ - height()));
  lay_out_servers({*connections_, order_, place_of(view_.server), least_offset}, view_, room(), height(),
                  measure, scene);
}

Rect ServersPage::line_rect(std::size_t line) {
  return {0, head_ + static_cast<double>(line) * line_, room(), line_};
}

QString ServersPage::line_name(std::size_t line) {
  const ConnectionsRecord* record = at(line);
  return record == nullptr ? QString() : to_qt(describe_server(*record, view_));
}

QString ServersPage::page_name() {
  return to_qt(connection_words(view_.language).server);
}

// -- both

ConnectionsView::ConnectionsView(QWidget* parent)
    : QWidget(parent),
      search_(new QLineEdit(this)),
      servers_(new ServersPage(this)),
      page_(new ConnectionsPage(this)) {
  setObjectName(QStringLiteral("connections"));
  search_->setObjectName(QStringLiteral("server_search"));
  search_->setClearButtonEnabled(true);
  setFocusProxy(page_);
  connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
    servers_->search(text);
    servers_->set_current(servers_->place_of(view_.server));
  });
  connect(servers_, &LinesCanvas::line_chosen, this, [this](std::size_t line) {
    if (const ConnectionsRecord* record = servers_->at(line)) Q_EMIT server_chosen(record->server);
  });
  for (const auto signal : {&LinesCanvas::line_chosen, &LinesCanvas::line_activated})
    connect(page_, signal, this, [this](std::size_t line) {
      if (const std::string kind = kind_at(line); !kind.empty()) Q_EMIT kind_chosen(kind);
    });
  connect(page_, &LinesCanvas::menu_wanted, this,
          [this](std::optional<std::size_t> line, const QPoint& global) {
            Q_EMIT menu_wanted(kind_at(line), global);
          });
  retranslate();
}

ConnectionsView::~ConnectionsView() = default;

std::string ConnectionsView::kind_at(std::optional<std::size_t> line) {
  if (!line || page_->record() == nullptr || *line >= page_->lines().size()) return {};
  const std::size_t kind = page_->lines()[*line].kind;
  return kind == ConnectionsRow::no_kind ? std::string() : page_->record()->kinds[kind].kind;
}

void ConnectionsView::set_timeline(const Timeline* timeline) {
  servers_->set_timeline(timeline);
  page_->set_timeline(timeline);
}

void ConnectionsView::set_view(const View& view) {
  const bool other = view.server != view_.server;
  view_ = view;
  servers_->set_view(view);
  page_->set_view(view);
  if (other) show_server();
}

void ConnectionsView::set_connections(Connections connections) {
  page_->set_record(nullptr);
  connections_ = std::move(connections);
  servers_->set_connections(&connections_);
  arrange();
  show_server();
}

void ConnectionsView::show_server() {
  const ConnectionsRecord* record = record_of(connections_, view_.server);
  const bool same = record == page_->record();
  page_->set_record(record);
  servers_->set_current(servers_->place_of(record == nullptr ? std::string() : record->server));
  if (!same) page_->set_current(std::nullopt);
}

QString ConnectionsView::copied() {
  const std::vector<ConnectionsRow>& lines = page_->lines();
  if (servers_->hasFocus() && servers_->current()) {
    const ConnectionsRecord* record = servers_->at(*servers_->current());
    return record == nullptr ? QString() : to_qt(server_cells(*record, view_));
  }
  if (page_->current() && *page_->current() < lines.size()) return to_qt(lines[*page_->current()].cells);
  QString text;
  for (const ConnectionsRow& line : lines) text += to_qt(line.cells) + QLatin1Char('\n');
  return text;
}

void ConnectionsView::arrange() {
  const int list = static_cast<int>(server_list_width(connections_, width()));
  search_->setVisible(list > 0);
  servers_->setVisible(list > 0);
  const int high = list > 0 ? search_->sizeHint().height() : 0;
  search_->setGeometry(4, 4, std::max(0, list - 9), high);
  servers_->setGeometry(0, high + 8, std::max(0, list - 1), std::max(0, height() - high - 8));
  page_->setGeometry(list, 0, width() - list, height());
}

void ConnectionsView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

void ConnectionsView::retranslate() {
  search_->setPlaceholderText(tr("Search"));
  search_->setAccessibleName(tr("Search the servers"));
}

void ConnectionsView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

}  // namespace humantime::ui
