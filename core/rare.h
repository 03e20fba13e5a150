// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

namespace humantime {

/// A value that is seldom there: a pointer's worth of room, and copied at the cost of a comparison while it
/// is not.
template <typename T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (!other.value_)
      value_.reset();
    else if (value_)
      *value_ = *other.value_;
    else
      value_ = std::make_unique<T>(*other.value_);
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  explicit operator bool() const { return value_ != nullptr; }
  T& make() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  void reset() { value_.reset(); }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace humantime
