// Shared ownership of things that never change, with the count inside the thing.
//
// Thread: pointers may be copied and dropped on any thread; the pointee must be immutable once it is shared.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace fanfare {

// Base of what an IntrusivePtr points to: class Frame : public RefCounted<Frame>.
template <typename Derived>
class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  void add_reference() const noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop_reference() const noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete static_cast<const Derived*>(this);
  }

 protected:
  ~RefCounted() = default;

 private:
  mutable std::atomic<std::uint32_t> references_{0};
};

template <typename T>
class IntrusivePtr {
 public:
  IntrusivePtr() = default;
  IntrusivePtr(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)
  explicit IntrusivePtr(T* target) : target_(target) {
    if (target_ != nullptr) target_->add_reference();
  }
  IntrusivePtr(const IntrusivePtr& other) : IntrusivePtr(other.target_) {}
  IntrusivePtr(IntrusivePtr&& other) noexcept : target_(std::exchange(other.target_, nullptr)) {}
  IntrusivePtr& operator=(IntrusivePtr other) noexcept {
    std::swap(target_, other.target_);
    return *this;
  }
  ~IntrusivePtr() {
    if (target_ != nullptr) target_->drop_reference();
  }

  T* get() const noexcept { return target_; }
  T& operator*() const noexcept { return *target_; }
  T* operator->() const noexcept { return target_; }
  explicit operator bool() const noexcept { return target_ != nullptr; }
  friend bool operator==(const IntrusivePtr& a, const IntrusivePtr& b) noexcept { return a.target_ == b.target_; }

 private:
  T* target_ = nullptr;
};

template <typename T, typename... Arguments>
IntrusivePtr<T> make_intrusive(Arguments&&... arguments) {
  return IntrusivePtr<T>(new T(std::forward<Arguments>(arguments)...));
}

}  // namespace fanfare
