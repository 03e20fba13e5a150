// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/argument_bytes.h"

#include <algorithm>

namespace humantime::ui {
namespace {

constexpr char16_t first_escape = 0xdc80, last_escape = 0xdcff;

/// The length of the UTF-8 character at the beginning; 0 where there is none.
int character_length(std::string_view bytes) {
  constexpr int longest = 4;
  for (int length = 1; length <= longest && length <= static_cast<int>(bytes.size()); ++length) {
    const QString text = QString::fromUtf8(bytes.data(), length);
    // Qt answers wrong bytes with U+FFFD: what is right comes back as it was.
    if (text.toUtf8() == QByteArray::fromRawData(bytes.data(), length)) return length;
  }
  return 0;
}

}  // namespace

QString text_of(std::string_view bytes) {
  QString text = QString::fromUtf8(bytes.data(), static_cast<int>(bytes.size()));
  if (text.toUtf8() == QByteArray::fromRawData(bytes.data(), static_cast<int>(bytes.size()))) return text;
  text.clear();
  while (!bytes.empty()) {
    const int length = character_length(bytes);
    if (length > 0)
      text += QString::fromUtf8(bytes.data(), length);
    else
      text += QChar(static_cast<char16_t>(0xdc00 + static_cast<unsigned char>(bytes.front())));
    bytes.remove_prefix(static_cast<std::size_t>(std::max(length, 1)));
  }
  return text;
}

std::string bytes_of(const QString& text) {
  std::string bytes;
  QString run;
  const auto flush = [&] {
    bytes += run.toStdString();
    run.clear();
  };
  for (int i = 0; i < static_cast<int>(text.size()); ++i) {
    const char16_t unit = text[i].unicode();
    const bool paired = i > 0 && text[i - 1].isHighSurrogate();
    if (!paired && unit >= first_escape && unit <= last_escape) {
      flush();
      bytes += static_cast<char>(unit - 0xdc00);
    } else {
      run += text[i];
    }
  }
  flush();
  return bytes;
}

}  // namespace humantime::ui
