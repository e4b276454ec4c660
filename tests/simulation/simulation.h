// Simulation: one random schedule of the home-loop protocol on real LoopCores, from first connection to rest.
//
// Each step runs one mailbox task or one turn of a loop, or lets one session act. Everything is drawn from the seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "simulation/home_history.h"
#include "simulation/simulated_session.h"
#include "support/core_loops.h"

namespace fanfare::simulation {

struct SimulationOptions {
  std::uint64_t seed = 1;
  std::size_t steps = 400;
  // Mailboxes hand out any task, not the first: the checks must notice. Nobody leaves then, since a Leave that
  // overtakes its Join rightly ends the process.
  bool is_unordered = false;
};

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options);

  // What was wrong; empty: nothing.
  std::vector<std::string> run();

 private:
  static constexpr std::size_t kLoops = 3;
  static constexpr std::size_t kSessions = 6;

  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
  template <typename List>
  const auto& one_of(const List& list) {
    return list[random_.below(list.size())];
  }

  void step();
  bool run_a_task();
  void run_a_turn(std::size_t loop);
  void let_act(std::unique_ptr<SimulatedSession>& session);
  void connect(std::unique_ptr<SimulatedSession>& session);
  void close(std::unique_ptr<SimulatedSession>& session);
  void subscribe_or_leave(SimulatedSession& session);
  void publish(SimulatedSession& session);
  void sign_in(SimulatedSession& session);
  void use_api(std::size_t loop);
  void pass_time(std::chrono::milliseconds time);
  void come_to_rest();
  void check_views();
  void check_watchers(const SimulatedSession& session);
  void check_nothing_is_left();

  SimulationOptions options_;
  SeededRandom random_;
  std::vector<std::string> violations_;
  HomeHistory history_;
  test::CoreLoops loops_;
  core::AppRef app_;
  std::array<std::unique_ptr<SimulatedSession>, kSessions> sessions_;
};

}  // namespace fanfare::simulation
