// SPDX-License-Identifier: GPL-2.0-or-later
// A connection as a fuzz input: options (below), then steps, each an operation byte and
//   with step_control  the control
//   with step_lost     how many bytes were not captured (2)
//   otherwise          with step_decrypted: how many records the host decrypted (1), of each its type (1),
//   its
//                      content's length (2), and that; then with step_record a record's type (1) and length
//                      (2), its bytes are made up, without it how many bytes (2), and those
#pragma once

#include <cstdint>

namespace humantime {

enum SessionOption : std::uint8_t {
  option_infers_nothing = 1,
  option_port = 6,  ///< two bits: session_ports
};
inline constexpr std::uint16_t session_ports[] = {443, 993, 8443, 853};

enum SessionStep : std::uint8_t {
  step_server = 1,
  step_control = 2,
  step_lost = 4,
  step_record = 6,  ///< both
  step_held = 8,    ///< comes with control_release
  step_again = 16,  ///< the frame before is thrown away, this one gets its number
  step_shown = 32,  ///< Wireshark shows tls, and http where application data was decrypted
  step_decrypted = 64,
  step_snapped = 128,  ///< the capture keeps half of the bytes
};

enum SessionControl : std::uint8_t {
  control_fin,
  control_rst,
  control_release,  ///< the frame held longest
  control_copy,     ///< the last frame at another place
  control_finish,   ///< the capture is finished, for now
  control_ack,
  control_other,  ///< Wireshark shows another protocol on the next segment
  control_count,
};

}  // namespace humantime
