// Result<T>: a value or the Error that prevented it. Status is Result<void>.
//
// A stand-in for std::expected, which neither g++ 12 in C++20 mode nor clang-tidy 14 offers.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/error.h"

namespace fanfare {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return checked(std::get_if<1>(&state_)); }
  Error&& error() && { return std::move(checked(std::get_if<1>(&state_))); }

 private:
  T& value() { return checked(std::get_if<0>(&state_)); }
  const T& value() const { return checked(std::get_if<0>(&state_)); }

  template <typename Held>
  static Held& checked(Held* held) {
    FANFARE_ASSERT(held != nullptr);  // the other one is there
    return *held;
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }

  const Error& error() const& {
    FANFARE_ASSERT(error_.has_value());
    return *error_;
  }
  Error&& error() && {
    FANFARE_ASSERT(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace fanfare
