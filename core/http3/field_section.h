// SPDX-License-Identifier: GPL-2.0-or-later
// What the control data of an HTTP/3 request or response says (RFC 9114 4.3), out of a field section.
#pragma once

#include "bytes.h"
#include "http2/pseudo_headers.h"
#include "http3/field_table.h"

namespace humantime::http3 {

/// Whether the section refers to entries that are not in the table yet, and may still come: its stream is
/// blocked until they do (RFC 9204 2.1.2).
bool is_blocked(Bytes section, const FieldTable& table);

/// Reads a field section, or as much of it as there is. What the table does not have is unknown.
http2::PseudoHeaders read_field_section(Bytes section, const FieldTable& table);

}  // namespace humantime::http3
