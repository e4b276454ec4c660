// Slabs: a Slab for each of a few sizes, and the objects that live in them:
//
//   class Connection : public InSlab { … };
//   std::unique_ptr<Connection> connection = make_in_slab<Connection>(slabs, …);
//
// Thread: one at a time, for the slabs and all objects in them. The slabs outlive the objects.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/slab.h"

namespace fanfare {

class Slabs {
 public:
  // Cost: linear in the sizes there are, which are as many as types.
  void* take(std::size_t bytes);

 private:
  std::vector<std::unique_ptr<Slab>> by_size_;
};

// Base of a class whose objects, and those of derived classes, are in slabs and nowhere else on the heap.
class InSlab {
 public:
  static void* operator new(std::size_t bytes, Slabs& slabs) { return slabs.take(bytes); }
  // NOLINTNEXTLINE(misc-new-delete-overloads): the one above is its pair
  static void operator delete(void* object) noexcept { Slab::give_back(object); }
  static void operator delete(void* object, Slabs& /*slabs*/) noexcept { Slab::give_back(object); }
};

template <typename T, typename... Arguments>
std::unique_ptr<T> make_in_slab(Slabs& slabs, Arguments&&... arguments) {
  static_assert(alignof(T) <= Slab::kAlignment);
  static_assert(sizeof(T) <= Slab::kObjectBytesMax);
  return std::unique_ptr<T>(new (slabs) T(std::forward<Arguments>(arguments)...));
}

}  // namespace fanfare
