// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/packet_fields.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <QTreeView>
#include <utility>

namespace humantime::ui {
namespace {

/// For as long parts are done before the event loop has its turn; frames that each looks at.
constexpr qint64 turn_ms = 6;
constexpr std::uint32_t frames_per_part = 2000;

/// What its slots are called is no API: a version that lacks one draws it with the next packet that is
/// selected, or when the list is scrolled.
void call(QObject* object, const char* slot, const char* signature) {
  if (object->metaObject()->indexOfMethod(signature) >= 0) QMetaObject::invokeMethod(object, slot);
}

}  // namespace

PacketFields::PacketFields(const HumantimeHost& host, const HostSource& source, QWidget* main_window)
    : host_(host), source_(source), main_window_(main_window) {
  work_.setInterval(0);
  connect(&work_, &QTimer::timeout, this, &PacketFields::work);
  host_.settle_for_fields(
      host_.context,
      [](void* self, int in_details) { static_cast<PacketFields*>(self)->want(in_details != 0); }, this);
}

PacketFields::~PacketFields() {
  host_.settle_for_fields(host_.context, nullptr, nullptr);
}

/// In the midst of a dissection: nothing is done here.
void PacketFields::want(bool in_details) {
  (in_details ? in_details_ : in_list_) = true;
  if (!work_.isActive()) work_.start();
}

void PacketFields::work() {
  QElapsedTimer turn;
  turn.start();
  bool more = true;
  while (more && turn.elapsed() < turn_ms) {
    more = source_.settle(frames_per_part);
    worked_ = worked_ || more;
  }
  if (more) return;
  work_.stop();
  // Nothing is known that was not: of a live capture it will be asked again.
  const std::uint64_t revision = source_.revision();
  if (!std::exchange(worked_, false) && revision == drawn_) return;
  drawn_ = revision;
  draw();
}

void PacketFields::draw() {
  // Read anew, the list is drawn anew by Wireshark itself.
  if (source_.progress() < 1) return;
  const bool in_list = std::exchange(in_list_, false), in_details = std::exchange(in_details_, false);
  for (QTreeView* list : main_window_->findChildren<QTreeView*>()) {
    if (!list->inherits("PacketList")) continue;
    // It keeps the texts of its columns until these are others.
    if (in_list) call(list, "columnsChanged", "columnsChanged()");
    // Selects the packet again, and so makes its details anew.
    if (in_details) call(list, "redrawVisiblePackets", "redrawVisiblePackets()");
  }
}

}  // namespace humantime::ui
