// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/journey_text.h"

#include <array>

#include "text.h"

namespace humantime::reports {
namespace {

struct KindRow {
  std::string_view english, japanese;
};
// Indexed by Kind.
constexpr std::array<KindRow, 5> kind_rows = {{
    {"completed", "完了"},
    {"refused", "接続拒否"},
    {"unanswered", "応答なし"},
    {"abandoned", "中断"},
    {"failed", "名前解決失敗"},
}};

}  // namespace

std::string name_of(const FrameStore& store, const journeys::Journey& journey) {
  if (!journey.name.empty()) return printable(journey.name);
  return to_text(store.addresses()[journey.server.address], journey.server.port);
}

std::string_view label_of(journeys::Kind kind, Language language) {
  const KindRow& row = kind_rows[static_cast<std::size_t>(kind)];
  return language == Language::japanese ? row.japanese : row.english;
}

std::string text_of(const journeys::Milestone& milestone) {
  std::string text(token_of(milestone.mark.phase));
  text += "#" + std::to_string(milestone.ordinal);
  const std::string_view direction = token_of(milestone.direction);
  return direction.empty() ? text : text.append("/").append(direction);
}

std::string ordinal_text(std::uint32_t ordinal, Language language) {
  std::string text = std::to_string(ordinal);
  if (language == Language::japanese) return text + "回目";
  const bool teen = ordinal / 10 % 10 == 1;
  switch (teen ? 0 : ordinal % 10) {
    case 1:
      return text + "st";
    case 2:
      return text + "nd";
    case 3:
      return text + "rd";
    default:
      return text + "th";
  }
}

std::string end_text(const FrameStore& store, AddressId address, std::uint16_t port) {
  std::string text = to_text(store.addresses()[address], port);
  return text.empty() ? "—" : text;
}

Packet first_packet(std::span<const journeys::Milestone> milestones) {
  std::size_t size = 0;
  while (size < milestones.size() && milestones[size].frame == milestones.front().frame) ++size;
  return milestones.first(size);
}

}  // namespace humantime::reports
