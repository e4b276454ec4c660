#include "base/slab.h"

#include <algorithm>
#include <new>

#include <sys/mman.h>

#include "base/assert.h"

namespace fanfare {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kUsesMalloc = true;
#elif defined(__has_feature)
constexpr bool kUsesMalloc = __has_feature(address_sanitizer);
#else
constexpr bool kUsesMalloc = false;
#endif

std::uintptr_t address_of(const void* memory) noexcept { return reinterpret_cast<std::uintptr_t>(memory); }

void* map(std::size_t bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

// The kernel puts a mapping beside the last one where it can, so that mostly the first one is right, and all blocks are
// one mapping to the kernel, of which a process may have so many only.
std::byte* map_block() {
  constexpr std::size_t kBytes = Slab::kBlockBytes;
  void* const lucky = map(kBytes);
  if (address_of(lucky) % kBytes == 0) return static_cast<std::byte*>(lucky);
  ::munmap(lucky, kBytes);
  auto* const wide = static_cast<std::byte*>(map(2 * kBytes));
  const std::size_t before = (kBytes - address_of(wide) % kBytes) % kBytes;
  if (before != 0) ::munmap(wide, before);
  ::munmap(wide + before + kBytes, kBytes - before);
  return wide + before;
}

constexpr std::size_t rounded_up(std::size_t bytes) {
  return (std::max(bytes, sizeof(void*)) + Slab::kAlignment - 1) / Slab::kAlignment * Slab::kAlignment;
}

}  // namespace

Slab::Slab(std::size_t object_bytes)
    : object_bytes_(rounded_up(object_bytes)),
      places_(static_cast<std::uint32_t>((kBlockBytes - sizeof(Block)) / object_bytes_)) {
  FANFARE_ASSERT(object_bytes <= kObjectBytesMax);
}

Slab::~Slab() {
  if (with_room_ != nullptr && with_room_->used == 0) remove_block(*with_room_);
  FANFARE_ASSERT(blocks_ == 0);  // an object outlives its slab
}

void* Slab::take() {
  if constexpr (kUsesMalloc) return ::operator new(object_bytes_);
  if (with_room_ == nullptr) add_block();
  Block& block = *with_room_;
  void* place = block.free;
  if (place != nullptr) {
    block.free = block.free->next;
  } else {
    place = reinterpret_cast<std::byte*>(&block + 1) + block.touched++ * object_bytes_;
  }
  if (++block.used == places_) unlink(block);
  return place;
}

void Slab::give_back(void* object) noexcept {
  if constexpr (kUsesMalloc) return ::operator delete(object);
  auto* const begin = static_cast<std::byte*>(object) - address_of(object) % kBlockBytes;
  Block& block = *std::launder(reinterpret_cast<Block*>(begin));
  block.slab->return_place(block, object);
}

void Slab::return_place(Block& block, void* object) noexcept {
  if (block.used == places_) link(block);
  block.free = ::new (object) FreePlace{block.free};
  // The only one with room stays, for whoever comes and goes.
  if (--block.used == 0 && (block.next != nullptr || block.previous != nullptr)) remove_block(block);
}

void Slab::add_block() {
  link(*::new (map_block()) Block{.slab = this});
  ++blocks_;
}

void Slab::remove_block(Block& block) noexcept {
  unlink(block);
  --blocks_;
  ::munmap(&block, kBlockBytes);
}

void Slab::link(Block& block) noexcept {
  block.previous = nullptr;
  block.next = with_room_;
  if (with_room_ != nullptr) with_room_->previous = &block;
  with_room_ = &block;
}

void Slab::unlink(Block& block) noexcept {
  (block.previous == nullptr ? with_room_ : block.previous->next) = block.next;
  if (block.next != nullptr) block.next->previous = block.previous;
}

}  // namespace fanfare
