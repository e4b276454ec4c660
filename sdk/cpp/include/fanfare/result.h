// Result<T>: a value, or the Error that prevented it. No function of this library throws for what others do wrong.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace fanfare::sdk {

// What to do about it hangs on this; the rest of Error is for people.
enum class ErrorKind : std::uint8_t {
  kInvalid,       // refused here, before anything was sent: an option, a name, a size, a count
  kRejected,      // the server refused the request: 400, and any 4xx without a kind of its own
  kUnauthorized,  // 401; or a webhook's key or signature does not fit
  kForbidden,     // 403: the app is disabled, or over its quota
  kNotFound,      // 404
  kTooLarge,      // 413; or an answer or a webhook body above its bound
  kLimit,         // 429; or too many requests wait in this client
  kServer,        // 5xx
  kUnavailable,   // no connection: nothing listens there, unknown host, TLS refused, the connection broke
  kTimeout,       // no answer in time
  kBadAnswer,     // an answer that is not what the endpoint gives
  kExpired,       // a webhook from outside the clock window
  kDecryption,    // the key does not fit, or the data is not an encrypted event
  kDisabled,      // Options::enabled is false
  kStopped,       // the client was destroyed first
};

// "unauthorized", "bad_answer": for logs and metrics.
const char* name_of(ErrorKind kind) noexcept;

// Why a call has no value. A value itself. Thread: as any struct.
struct Error {
  ErrorKind kind = ErrorKind::kInvalid;  // what a program decides by
  std::string message{};                 // for people: what was expected and what came; never a secret
  int http_status = 0;                   // 0: no answer came, or nothing was sent
  std::string server_text{};             // body of a refusal as it came, at most 4 KiB of it
  // Retry-After of the refusal, in whole seconds. Zero: it had none.
  std::chrono::seconds retry_after{0};
  // The request may have taken effect, and nothing says whether it did: an event may be published. No answer came after
  // something was sent, or one of status 5xx other than 501 and 503.
  bool outcome_unknown = false;
};

// A T or an Error, converted from either. Thread: as T.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  // Whether there is a value.
  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  // The value. Asking for the one that is not there aborts: test ok() first.
  T& value() & { return checked(std::get_if<0>(&state_)); }
  const T& value() const& { return checked(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(checked(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // The error. Asking for the one that is not there aborts.
  const Error& error() const& { return checked(std::get_if<1>(&state_)); }
  Error&& error() && { return std::move(checked(std::get_if<1>(&state_))); }

 private:
  template <typename Held>
  static Held& checked(Held* held) {
    if (held == nullptr) std::abort();
    return *held;
  }

  std::variant<T, Error> state_;
};

// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  // Whether it went well.
  bool ok() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }

  // The error. Asking for the one that is not there aborts.
  const Error& error() const& {
    if (!error_.has_value()) std::abort();
    return *error_;
  }
  // The same, to be moved from.
  Error&& error() && {
    if (!error_.has_value()) std::abort();
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

// Of what has nothing to give.
using Status = Result<void>;

}  // namespace fanfare::sdk
