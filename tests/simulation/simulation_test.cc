// Random schedules of the home-loop protocol. FANFARE_SIMULATION_SEED replays one; FANFARE_SIMULATION_RUNS sets how
// many.
#include "simulation/simulation.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace fanfare::simulation {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += "\n  " + line;
  return all;
}

TEST(SimulationTest, EverySessionSeesWhatHappenedAtHomeUnderAnySchedule) {
  const std::uint64_t replayed = from_environment("FANFARE_SIMULATION_SEED", 0);
  const std::uint64_t first = replayed != 0 ? replayed : secure_random_u64() >> 16U;
  const std::uint64_t runs = from_environment("FANFARE_SIMULATION_RUNS", replayed != 0 ? 1 : 600);
  std::printf("FANFARE_SIMULATION_SEED=%s FANFARE_SIMULATION_RUNS=%s\n", std::to_string(first).c_str(),
              std::to_string(runs).c_str());
  std::fflush(stdout);  // so that a crash leaves its seeds behind
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const std::vector<std::string> violations = Simulation({.seed = seed}).run();
    ASSERT_TRUE(violations.empty()) << "FANFARE_SIMULATION_SEED=" << seed << joined(violations);
  }
}

// The checks themselves: what breaks the order of a mailbox must show, nearly always.
TEST(SimulationTest, UnorderedMailboxesAreNoticed) {
  constexpr std::uint64_t kRuns = 50;
  std::uint64_t noticed = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    if (!Simulation({.seed = seed, .is_unordered = true}).run().empty()) ++noticed;
  }
  EXPECT_GT(noticed, kRuns * 9 / 10);
}

TEST(SimulationTest, ASeedGivesTheSameScheduleAgain) {
  // Of a broken run, so that there is something to compare.
  const SimulationOptions broken{.seed = 7, .is_unordered = true};
  const std::size_t violations = Simulation(broken).run().size();
  EXPECT_NE(violations, 0U);
  EXPECT_EQ(Simulation(broken).run().size(), violations);
}

}  // namespace
}  // namespace fanfare::simulation
