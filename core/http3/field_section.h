// SPDX-License-Identifier: GPL-2.0-or-later
// What the control data of an HTTP/3 request or response says (RFC 9114 4.3), out of a field section.
#pragma once

#include "bytes.h"
#include "http2/pseudo_headers.h"

namespace humantime::http3 {

/// Reads a field section, or as much of it as there is. What refers to the dynamic table is unknown.
http2::PseudoHeaders read_field_section(Bytes section);

}  // namespace humantime::http3
