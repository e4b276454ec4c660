#include "gateway/command_runner.h"

#include <csignal>

#include <gtest/gtest.h>

namespace fanfare::gateway {
namespace {

using std::chrono::milliseconds;

class CommandRunnerTest : public testing::Test {
 protected:
  CommandRunnerTest() { std::signal(SIGPIPE, SIG_IGN); }  // as the program does

  Status run(const std::string& command, std::string_view input = "", milliseconds time = std::chrono::seconds(20)) {
    return run_command_blocking(command, input, {{"GIVEN", "yes"}}, time, stop_);
  }
  std::string fault(const std::string& command, std::string_view input = "",
                    milliseconds time = std::chrono::seconds(20)) {
    const Status status = run(command, input, time);
    return status.ok() ? "" : status.error().message;
  }
  std::atomic<bool> stop_ = false;
};

TEST_F(CommandRunnerTest, TellsHowItEnded) {
  EXPECT_EQ(fault("exit 0"), "");
  EXPECT_EQ(fault("exit 3"), "the command's exit status is 3");
  EXPECT_EQ(fault("kill -9 $$"), "a signal ended the command: 9");
  EXPECT_EQ(fault("no-such-command-anywhere 2>/dev/null"), "the command's exit status is 127");
}

TEST_F(CommandRunnerTest, HasItsVariablesAndNotTheAppsSecrets) {
  ::setenv("PUSHER_SECRET", "s", 1);
  EXPECT_EQ(fault("test \"$GIVEN\" = yes -a -z \"$PUSHER_SECRET\" -a -n \"$PATH\""), "");
  ::unsetenv("PUSHER_SECRET");
}

TEST_F(CommandRunnerTest, NeedNotReadItsInput) {
  EXPECT_EQ(fault("exit 0", std::string(1'000'000, 'x')), "");
  EXPECT_EQ(fault("test $(wc -c) -eq 1000000", std::string(1'000'000, 'x')), "");
}

TEST_F(CommandRunnerTest, IsKilledWhenItTakesTooLong) {
  EXPECT_EQ(fault("sleep 600", "", milliseconds(50)), "the command took longer than 50 ms");
  EXPECT_EQ(fault("cat; sleep 600", std::string(1'000'000, 'x'), milliseconds(50)),
            "the command took longer than 50 ms");
}

TEST_F(CommandRunnerTest, EndsAtAStop) {
  stop_ = true;
  EXPECT_EQ(fault("sleep 600"), "stopping");
}

}  // namespace
}  // namespace fanfare::gateway
