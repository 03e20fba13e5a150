// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/frame.h"

#include <algorithm>

namespace humantime::plugin {
namespace {

/// Other post-dissectors stand in the list of layers too, behind what the frame carries.
constexpr std::array<const char*, 2> post_dissectors = {"transum", "mate"};

std::string_view ask_name(const void* source) {
  static std::string name;
  char* text = data_source_name(static_cast<const struct data_source*>(source));
  name = text;
  wmem_free(nullptr, text);
  return name;
}

/// Stands for all layers that say nothing of where a header is: they are left out.
constexpr Layer transparent = Layer::frame;

DataSource source_of(tvbuff_t* tvb, SourceName name) {
  const guint captured = tvb_captured_length(tvb);
  // In range by construction, so that it cannot throw.
  const guint8* bytes = captured > 0 ? tvb_get_ptr(tvb, 0, static_cast<gint>(captured)) : nullptr;
  return {{bytes, captured}, tvb_reported_length(tvb), name};
}

}  // namespace

void FrameReader::learn_protocols() {
  const auto learn = [this](int protocol, Layer layer) {
    if (protocol < 0) return;
    const auto number = static_cast<std::size_t>(protocol);
    if (by_protocol_.size() <= number) by_protocol_.resize(number + 1, Layer::unknown);
    by_protocol_[number] = kind_of(layer) == LayerKind::transparent ? transparent : layer;
  };
  for (const LayerRow& row : layer_table())
    if (!row.name.empty()) learn(proto_get_id_by_filter_name(std::string(row.name).c_str()), row.layer);
  tls_ = proto_get_id_by_filter_name("tls");
  dtls_ = proto_get_id_by_filter_name("dtls");
  for (const char* name : post_dissectors) learn(proto_get_id_by_filter_name(name), Layer::packet_comment);
}

void FrameReader::read_layers(const packet_info* pinfo) {
  std::size_t count = 0;
  for (wmem_list_frame_t* at = wmem_list_head(pinfo->layers); at != nullptr && count < layers_.size();
       at = wmem_list_frame_next(at)) {
    const auto protocol = static_cast<std::size_t>(GPOINTER_TO_INT(wmem_list_frame_data(at)));
    const Layer layer = protocol < by_protocol_.size() ? by_protocol_[protocol] : Layer::unknown;
    if (layer != transparent) layers_[count++] = layer;
  }
  frame_.layers = {layers_.data(), count};
}

void FrameReader::read_sources(tvbuff_t* tvb, const packet_info* pinfo) {
  sources_.clear();
  for (const GSList* at = pinfo->data_src; at != nullptr; at = at->next) {
    const auto* source = static_cast<const struct data_source*>(at->data);
    sources_.push_back(source_of(get_data_source_tvb(source), {ask_name, source}));
  }
  if (sources_.empty()) sources_.push_back(source_of(tvb, {}));
  frame_.sources = sources_;
}

/// Wireshark keeps what it decrypted until the file is closed, as the core expects.
void FrameReader::read_decrypted(const packet_info* pinfo) {
  decrypted_.clear();
  // What was decrypted is a data source of the frame as well.
  if (sources_.size() > 1) {
    if (const auto count = std::count(frame_.layers.begin(), frame_.layers.end(), Layer::tls); count > 0)
      read_decrypted(pinfo, tls_, static_cast<std::uint32_t>(count));
    // DTLS keeps its records by its place among all layers.
    if (std::find(frame_.layers.begin(), frame_.layers.end(), Layer::dtls) != frame_.layers.end())
      read_decrypted(pinfo, dtls_, wmem_list_count(pinfo->layers));
  }
  frame_.decrypted = decrypted_;
}

void FrameReader::read_decrypted(const packet_info* pinfo, int protocol, std::uint32_t last_layer) {
  for (std::uint32_t layer = 0; layer <= last_layer; ++layer) {
    const auto* kept = static_cast<const SslPacketInfo*>(
        p_get_proto_data(wmem_file_scope(), const_cast<packet_info*>(pinfo), protocol, layer));
    for (const SslRecordInfo* record = kept == nullptr ? nullptr : kept->records; record != nullptr;
         record = record->next)
      decrypted_.push_back({{record->plain_data, record->data_len}, static_cast<std::uint8_t>(record->type)});
  }
}

const FrameBytes& FrameReader::read(tvbuff_t* tvb, const packet_info* pinfo) {
  frame_ = FrameBytes{};
  frame_.number = FrameNumber{pinfo->num};
  frame_.has_time = pinfo->fd->has_ts != 0;
  const nstime_t& shown = pinfo->fd->abs_ts;
  const nstime_t& shift = pinfo->fd->shift_offset;
  frame_.time = std::chrono::seconds{shown.secs - shift.secs} + Nanoseconds{shown.nsecs - shift.nsecs};
  frame_.length = pinfo->fd->pkt_len;
  if (pinfo->rec != nullptr && pinfo->rec->rec_type == REC_TYPE_PACKET) {
    const wtap_rec& record = *pinfo->rec;
    frame_.cooked_v2 = record.rec_header.packet_header.pkt_encap == WTAP_ENCAP_SLL2;
    if ((record.presence_flags & WTAP_HAS_INTERFACE_ID) != 0)
      frame_.vantage.interface = record.rec_header.packet_header.interface_id;
    if ((record.presence_flags & WTAP_HAS_SECTION_NUMBER) != 0)
      frame_.vantage.section = record.section_number;
  }
  read_layers(pinfo);
  read_sources(tvb, pinfo);
  read_decrypted(pinfo);
  return frame_;
}

}  // namespace humantime::plugin
