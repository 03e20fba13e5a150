// SPDX-License-Identifier: GPL-2.0-or-later
// Arguments as a QString and back without a loss: a file's name may be any bytes, a QString is text.
#pragma once

#include <QString>
#include <string>
#include <string_view>

namespace humantime::ui {

/// UTF-8; each byte that is none becomes a lone surrogate (U+DC80 to U+DCFF), as Python does it (PEP 383).
QString text_of(std::string_view bytes);
/// The inverse.
std::string bytes_of(const QString& text);

}  // namespace humantime::ui
