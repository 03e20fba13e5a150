// SPDX-License-Identifier: GPL-2.0-or-later
// How a tunnel is called.
#pragma once

#include <string>

#include "wire/locate.h"

namespace humantime::journeys {

/// `GRE 192.0.2.1–198.51.100.1`: the encapsulation by its usual name, and the two ends of its outer header,
/// the client's end first (`from_client`: the packet was the client's). `tunnel` for what has no name here.
std::string text_of(const wire::Carrier& carrier, bool from_client);

}  // namespace humantime::journeys
