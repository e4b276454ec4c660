// Slab: memory for many objects of one size, one beside the other.
//
// For what there are as many of as connections. Malloc puts a header before each, and lays them between what lives for
// one request only, which leaves gaps behind that fit nobody.
//
// Memory comes from the kernel in blocks, whose pages cost nothing before they are used. A block goes back when all its
// objects have gone, but for one that is kept.
//
// Thread: one at a time, for all objects of a slab.
// With AddressSanitizer every object comes from malloc, which it knows better.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fanfare {

class Slab {
 public:
  static constexpr std::size_t kBlockBytes = 32UL * 1024;
  static constexpr std::size_t kObjectBytesMax = kBlockBytes / 8;
  static constexpr std::size_t kAlignment = 8;

  // REQUIRES: `object_bytes` ≤ kObjectBytesMax.
  explicit Slab(std::size_t object_bytes);
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;
  // All objects have been given back.
  ~Slab();

  // Memory for one object. Fails: std::bad_alloc.
  void* take();
  // To the slab that it was taken from.
  static void give_back(void* object) noexcept;

  // Each object has as much, at least what was asked for.
  std::size_t object_bytes() const noexcept { return object_bytes_; }
  std::size_t blocks() const noexcept { return blocks_; }

 private:
  struct FreePlace {
    FreePlace* next;
  };
  // The begin of each block, which is aligned to its size; the places for objects lie behind it.
  struct Block {
    Slab* slab;
    Block* previous = nullptr;  // among the blocks with room
    Block* next = nullptr;
    FreePlace* free = nullptr;  // given back
    std::uint32_t used = 0;
    std::uint32_t touched = 0;  // places that were ever used: the others are not in `free`
  };

  void add_block();
  void remove_block(Block& block) noexcept;
  void link(Block& block) noexcept;
  void unlink(Block& block) noexcept;
  void return_place(Block& block, void* object) noexcept;

  const std::size_t object_bytes_;  // rounded up to the alignment
  const std::uint32_t places_;      // of a block
  std::size_t blocks_ = 0;
  Block* with_room_ = nullptr;
};

}  // namespace fanfare
