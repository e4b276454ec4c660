// Task: a move-only callable with no arguments and no result, stored inline.
//
// What does not fit inline goes to the heap, so captures of a message between loops should stay within kInlineBytes.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "base/assert.h"

namespace fanfare {

class Task {
 public:
  static constexpr std::size_t kInlineBytes = 80;

  Task() = default;

  template <typename F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Task> && std::is_invocable_v<std::remove_cvref_t<F>&>)
      Task(F&& callable) {  // NOLINT(google-explicit-constructor): a lambda is a Task
    using Callable = std::remove_cvref_t<F>;
    if constexpr (fits_inline<Callable>()) {
      ::new (static_cast<void*>(&storage_)) Callable(std::forward<F>(callable));
      operations_ = &kInlineOperations<Callable>;
    } else {
      ::new (static_cast<void*>(&storage_)) Callable*(new Callable(std::forward<F>(callable)));
      operations_ = &kHeapOperations<Callable>;
    }
  }

  Task(Task&& other) noexcept { take(other); }
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }

  void operator()() {
    FANFARE_DEBUG_ASSERT(operations_ != nullptr);
    operations_->invoke(&storage_);
  }

 private:
  struct Operations {
    void (*invoke)(void*);
    void (*move)(void* to, void* from) noexcept;  // and destroys what is left at `from`
    void (*destroy)(void*) noexcept;
  };

  template <typename Callable>
  static constexpr bool fits_inline() {
    // NOLINTNEXTLINE(misc-redundant-expression): clang-tidy 14 compares one instance's two sides
    return sizeof(Callable) <= kInlineBytes && alignof(Callable) <= alignof(std::max_align_t) &&
           std::is_nothrow_move_constructible_v<Callable>;
  }

  template <typename Callable>
  static constexpr Operations kInlineOperations = {
      [](void* self) { (*std::launder(static_cast<Callable*>(self)))(); },
      [](void* to, void* from) noexcept {
        auto* source = std::launder(static_cast<Callable*>(from));
        ::new (to) Callable(std::move(*source));
        source->~Callable();
      },
      [](void* self) noexcept { std::launder(static_cast<Callable*>(self))->~Callable(); }};

  template <typename Callable>
  static constexpr Operations kHeapOperations = {
      [](void* self) { (**std::launder(static_cast<Callable**>(self)))(); },
      [](void* to, void* from) noexcept { ::new (to) Callable*(*std::launder(static_cast<Callable**>(from))); },
      [](void* self) noexcept { delete *std::launder(static_cast<Callable**>(self)); }};

  void take(Task& other) noexcept {
    if (other.operations_ == nullptr) return;
    other.operations_->move(&storage_, &other.storage_);
    operations_ = std::exchange(other.operations_, nullptr);
  }
  void reset() noexcept {
    if (operations_ != nullptr) std::exchange(operations_, nullptr)->destroy(&storage_);
  }

  alignas(std::max_align_t) std::byte storage_[kInlineBytes];
  const Operations* operations_ = nullptr;
};

}  // namespace fanfare
