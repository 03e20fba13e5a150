// SPDX-License-Identifier: GPL-2.0-or-later
// What a kind of handshake is called by people: `tls12_session_id` is TLS 1.2, resumed by session ID.
#pragma once

#include <string>
#include <string_view>

#include "language.h"

namespace humantime::ui {

struct HandshakeName {
  std::string protocol;  ///< `TLS 1.2`; empty where it is none of core's handshakes.def
  std::string course;  ///< `resumed by session ID`; what humantime.handshake says where it is not known here
};

/// Of what humantime.handshake says, `tls12_full+client_auth`; printable where that is.
HandshakeName name_of_handshake(std::string_view text, Language language);

/// The same in few words, for a table: `TLS 1.2 full + client certificate`. What is not known is as it was.
std::string handshake_label(std::string_view text, Language language);

/// `TLS 1.2` for `tls12`; what is not known is as it was.
std::string protocol_label(std::string_view token);

}  // namespace humantime::ui
