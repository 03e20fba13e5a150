// SPDX-License-Identifier: GPL-2.0-or-later
#include "http1/pairing.h"

namespace humantime::http1 {

void Pairing::ask(Method method) {
  last_ = method;
  if (lost_) return;
  if (count_ == 32) return lose();
  queue_ |= static_cast<std::uint64_t>(method) << (2 * count_);
  ++count_;
}

Pairing::Answered Pairing::answer() {
  // Without a request before it, it answers one from before the capture, and later ones may be late as well.
  if (count_ == 0) lose();
  if (lost_) {
    const Answered guess{last_, false};
    last_ = Method::unknown;
    return guess;
  }
  const Answered known{static_cast<Method>(queue_ & 3), true};
  queue_ >>= 2;
  if (--count_ == 0) last_ = Method::unknown;
  return known;
}

void Pairing::lose() {
  lost_ = true;
  queue_ = 0;
  count_ = 0;
}

}  // namespace humantime::http1
