#include "core/place_index.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

// A vector of numbers, indexed. Few bits of hash, so that many collide and searches wrap around the end.
class IndexedNumbers {
  auto hashes() const {
    return [this](std::uint32_t place) { return hash_of(numbers_[place]); };
  }

 public:
  explicit IndexedNumbers(std::uint32_t hash_mask) : hash_mask_(hash_mask) {}

  bool contains(std::uint32_t number) const { return find(number) != PlaceIndex::kNowhere; }
  void add(std::uint32_t number) {
    numbers_.push_back(number);
    index_.add(static_cast<std::uint32_t>(numbers_.size() - 1), numbers_.size(), hashes());
  }
  void remove(std::uint32_t number) {
    const std::uint32_t place = find(number);
    ASSERT_NE(place, PlaceIndex::kNowhere);
    index_.remove(place, hashes());
    const auto last = static_cast<std::uint32_t>(numbers_.size() - 1);
    if (place != last) index_.move(hash_of(numbers_[last]), last, place);
    numbers_[place] = numbers_[last];
    numbers_.pop_back();
  }

 private:
  // The highest ones, so that what collides at home collides at the table's end too.
  std::uint32_t hash_of(std::uint32_t number) const { return ~(number & hash_mask_); }
  std::uint32_t find(std::uint32_t number) const {
    return index_.find(hash_of(number), numbers_.size(),
                       [&](std::uint32_t place) { return numbers_[place] == number; });
  }

  const std::uint32_t hash_mask_;
  std::vector<std::uint32_t> numbers_;
  PlaceIndex index_;
};

class PlaceIndexTest : public testing::TestWithParam<std::uint32_t> {};

TEST_P(PlaceIndexTest, FindsWhatIsThereAndNothingElse) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr std::uint32_t kNumbers = 300;
  IndexedNumbers numbers(GetParam());
  std::vector<bool> expected(kNumbers);
  for (int step = 0; step < 3000; ++step) {
    const auto number = static_cast<std::uint32_t>(random() % kNumbers);
    if (expected[number]) {
      ASSERT_NO_FATAL_FAILURE(numbers.remove(number));
    } else {
      numbers.add(number);
    }
    expected[number] = !expected[number];
    if (step % 50 != 0) continue;
    for (std::uint32_t each = 0; each < kNumbers; ++each) ASSERT_EQ(numbers.contains(each), expected[each]) << each;
  }
}

INSTANTIATE_TEST_SUITE_P(HashesThatCollide, PlaceIndexTest, testing::Values(0, 7, 63, 0xFFFF'FFFF));

TEST(PlaceIndexTest, ComesIntoBeingWithOneMoreThanIsSearched) {
  IndexedNumbers numbers(0xFFFF'FFFF);
  for (std::uint32_t number = 0; number <= 2 * PlaceIndex::kUnindexedMax; ++number) {
    EXPECT_FALSE(numbers.contains(number));
    numbers.add(number);
    for (std::uint32_t each = 0; each <= number; ++each) EXPECT_TRUE(numbers.contains(each)) << each;
  }
}

}  // namespace
}  // namespace fanfare::core
