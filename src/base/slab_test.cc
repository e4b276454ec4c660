#include "base/slab.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/slabs.h"

namespace fanfare {
namespace {

// With AddressSanitizer objects come from malloc, and there are no blocks.
bool has_blocks() {
  Slab slab(64);
  Slab::give_back(slab.take());
  return slab.blocks() != 0;
}

// `count` objects of `slab`, all different bytes.
std::vector<void*> take(Slab& slab, std::size_t count) {
  std::vector<void*> objects;
  for (std::size_t i = 0; i < count; ++i) {
    objects.push_back(slab.take());
    std::memset(objects.back(), static_cast<int>(i), slab.object_bytes());
  }
  return objects;
}

bool holds_only(const void* object, std::size_t bytes, std::size_t value) {
  const auto* begin = static_cast<const unsigned char*>(object);
  return std::all_of(begin, begin + bytes,
                     [&](unsigned char byte) { return byte == static_cast<unsigned char>(value); });
}

TEST(SlabTest, ObjectsDoNotOverlapAndAreAligned) {
  for (const std::size_t bytes :
       {std::size_t{1}, std::size_t{8}, std::size_t{9}, std::size_t{120}, std::size_t{312}, Slab::kObjectBytesMax}) {
    Slab slab(bytes);
    EXPECT_GE(slab.object_bytes(), bytes);
    const std::vector<void*> objects = take(slab, 1000);
    for (std::size_t i = 0; i < objects.size(); ++i) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(objects[i]) % Slab::kAlignment, 0U);
      EXPECT_TRUE(holds_only(objects[i], slab.object_bytes(), i)) << bytes << " bytes, object " << i;
    }
    for (void* object : objects) Slab::give_back(object);
  }
}

TEST(SlabTest, APlaceIsUsedAgainBeforeThereIsAnotherBlock) {
  if (!has_blocks()) GTEST_SKIP() << "no blocks with AddressSanitizer";
  Slab slab(120);
  std::vector<void*> objects = take(slab, 200);
  EXPECT_EQ(slab.blocks(), 1U);
  for (int i = 0; i < 10'000; ++i) {
    void*& object = objects[static_cast<std::size_t>(i) % objects.size()];
    Slab::give_back(object);
    object = slab.take();
  }
  EXPECT_EQ(slab.blocks(), 1U);
  for (void* object : objects) Slab::give_back(object);
}

TEST(SlabTest, BlocksWithoutObjectsGoBackButForOne) {
  if (!has_blocks()) GTEST_SKIP() << "no blocks with AddressSanitizer";
  Slab slab(312);
  constexpr std::size_t kObjects = 2000;
  const std::vector<void*> objects = take(slab, kObjects);
  const std::size_t blocks = slab.blocks();
  EXPECT_GE(blocks, kObjects * 312 / Slab::kBlockBytes);
  EXPECT_LE(blocks, kObjects * 312 / Slab::kBlockBytes + 2);
  // Some of every block stay, and so does the block.
  for (std::size_t i = 0; i < kObjects; ++i) {
    if (i % 20 != 0) Slab::give_back(objects[i]);
  }
  EXPECT_EQ(slab.blocks(), blocks);
  for (std::size_t i = 0; i < kObjects; i += 20) Slab::give_back(objects[i]);
  EXPECT_EQ(slab.blocks(), 1U);
}

TEST(SlabTest, KeepsWhatIsInItThroughManyComingsAndGoings) {
  constexpr unsigned kSeed = 4711;
  SCOPED_TRACE("seed 4711");
  std::mt19937 random(kSeed);
  Slab slab(72);
  std::vector<void*> objects(3000);
  for (int step = 0; step < 60'000; ++step) {
    // In waves, so that blocks fill and empty.
    const std::size_t i = random() % (step / 10'000 % 2 == 0 ? objects.size() : objects.size() / 10);
    if (objects[i] == nullptr) {
      objects[i] = slab.take();
      std::memset(objects[i], static_cast<int>(i), slab.object_bytes());
    } else {
      ASSERT_TRUE(holds_only(objects[i], slab.object_bytes(), i));
      Slab::give_back(std::exchange(objects[i], nullptr));
    }
  }
  for (void* object : objects) {
    if (object != nullptr) Slab::give_back(object);
  }
}

struct Base : InSlab {
  virtual ~Base() = default;
  int number = 1;
};
struct Larger final : Base {
  int numbers[20]{};
};
struct Throws : InSlab {
  Throws() { throw 1; }
};

// Slabs that are destroyed with an object in them abort.
TEST(SlabsTest, ObjectsOfSeveralTypesGoBackToTheirSlabs) {
  Slabs slabs;
  std::vector<std::unique_ptr<Base>> all;
  for (int i = 0; i < 1000; ++i) {
    if (i % 3 == 0) {
      all.push_back(make_in_slab<Larger>(slabs));
    } else {
      all.push_back(make_in_slab<Base>(slabs));
    }
    all.back()->number = i;
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)]->number, i);
}

TEST(SlabsTest, AConstructorThatThrowsLeavesNothingBehind) {
  Slabs slabs;
  EXPECT_THROW((void)make_in_slab<Throws>(slabs), int);
}

TEST(SlabDeathTest, AnObjectThatOutlivesItsSlabIsABug) {
  if (!has_blocks()) GTEST_SKIP() << "AddressSanitizer would say so";
  EXPECT_DEATH(
      {
        Slab slab(64);
        (void)slab.take();
      },
      "blocks_ == 0");
}

}  // namespace
}  // namespace fanfare
