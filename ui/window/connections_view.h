// SPDX-License-Identifier: GPL-2.0-or-later
// The view of connections: the servers, and beside them what the connections to one of them, or to all, were
// like.
#pragma once

#include <QWidget>
#include <optional>
#include <string>
#include <vector>

#include "layout/connections_layout.h"
#include "layout/view.h"
#include "model/timeline.h"
#include "window/lines_canvas.h"

class QLineEdit;

namespace humantime::ui {

/// The page of one server, or of all.
class ConnectionsPage final : public LinesCanvas {
  Q_OBJECT

 public:
  explicit ConnectionsPage(QWidget* parent);
  /// Null: there is nothing to show. Must stay until another one is set.
  void set_record(const ConnectionsRecord* record);
  const ConnectionsRecord* record() const { return record_; }
  const std::vector<ConnectionsRow>& lines();

  std::size_t line_count() override { return lines_.size(); }
  QString line_name(std::size_t line) override;
  QString page_name() override;

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  Rect line_rect(std::size_t line) override { return lines_[line].rect; }
  double content_height() override { return height_; }
  double scrolled() const override { return offset(); }
  void offset_changed() override;

 private:
  const ConnectionsRecord* record_ = nullptr;
  std::vector<ConnectionsRow> lines_;
  double height_ = 0;
};

/// A line for each server, the first for all of them.
class ServersPage final : public LinesCanvas {
  Q_OBJECT

 public:
  explicit ServersPage(QWidget* parent);
  /// Must stay until others are set.
  void set_connections(const Connections* connections);
  /// Lists only those whose name contains it, and all of them together.
  void search(const QString& text);
  /// The place in the order of the server; 0 where it is not listed.
  std::size_t place_of(const std::string& server) const;
  const ConnectionsRecord* at(std::size_t line) const;

  std::size_t line_count() override { return order_.size(); }
  QString line_name(std::size_t line) override;
  QString page_name() override;

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  Rect line_rect(std::size_t line) override;
  double content_height() override { return height_; }
  double head_height() override { return head_; }
  bool frames_current() const override { return false; }
  void offset_changed() override { set_stale(); }

 private:
  const Connections* connections_ = nullptr;
  std::vector<std::size_t> order_;
  QString searched_;
  double head_ = 0, line_ = 0, height_ = 0;
};

class ConnectionsView : public QWidget {
  Q_OBJECT

 public:
  explicit ConnectionsView(QWidget* parent);
  ~ConnectionsView() override;

  void set_timeline(const Timeline* timeline);
  void set_view(const View& view);
  /// What was counted; what is shown stays the same server's.
  void set_connections(Connections connections);
  const Connections& connections() const { return connections_; }
  ConnectionsPage* page() const { return page_; }
  ServersPage* servers() const { return servers_; }
  QLineEdit* search() const { return search_; }
  /// The line that is chosen, or all of them: cells with tabs between them.
  QString copied();

 Q_SIGNALS:
  /// A person has chosen whose connections are shown; empty: all.
  void server_chosen(const std::string& server);
  /// A person has gone to a kind of handshake, or wants its next journey: Enter, or a double click.
  void kind_chosen(const std::string& kind);
  /// Over a kind of handshake; empty: over something else.
  void menu_wanted(const std::string& kind, const QPoint& global);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void arrange();
  void show_server();
  std::string kind_at(std::optional<std::size_t> line);

  Connections connections_;
  View view_;
  QLineEdit* search_;
  ServersPage* servers_;
  ConnectionsPage* page_;
};

}  // namespace humantime::ui
