#include "server/signals.h"

#include <gtest/gtest.h>
#include <pthread.h>

namespace fanfare::server {
namespace {

// To this thread: it blocks them, so they wait for it.
void signal_this_thread(int number) { ASSERT_EQ(pthread_kill(pthread_self(), number), 0); }

TEST(SignalsTest, AreEventsInsteadOfDeath) {
  Signals signals;
  signal_this_thread(SIGHUP);
  EXPECT_EQ(signals.wait(), SignalEvent::kReload);
  signal_this_thread(SIGTERM);
  EXPECT_EQ(signals.wait(), SignalEvent::kStop);
  signal_this_thread(SIGINT);
  EXPECT_EQ(signals.wait_for(std::chrono::milliseconds{0}), SignalEvent::kStop);
}

TEST(SignalsTest, NoneWithinTheTimeIsNothing) {
  Signals signals;
  EXPECT_EQ(signals.wait_for(std::chrono::milliseconds{0}), std::nullopt);
}

TEST(SignalsTest, TheMaskIsGivenBack) {
  { const Signals signals; }
  sigset_t now;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGTERM), 0);
}

}  // namespace
}  // namespace fanfare::server
