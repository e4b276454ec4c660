#include "base/log.h"

#include <algorithm>
#include <array>
#include <functional>
#include <regex>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace fanfare {
namespace {

constexpr Logger kLog("base");

// Puts a pipe in the place of stderr.
class StderrPipe {
 public:
  StderrPipe() : stderr_(::dup(STDERR_FILENO)) {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  StderrPipe(const StderrPipe&) = delete;
  StderrPipe& operator=(const StderrPipe&) = delete;
  ~StderrPipe() {
    restore();
    ::close(ends_[0]);
  }

  void restore() {
    if (stderr_ < 0) return;
    ::dup2(stderr_, STDERR_FILENO);
    ::close(stderr_);
    stderr_ = -1;
  }
  // Everything up to the end, which comes with restore().
  std::string read_all() const {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  int stderr_;
  std::array<int, 2> ends_{};
};

std::string logged(const LogOptions& options, const std::function<void()>& write) {
  StderrPipe pipe;
  start_logging(options);
  write();
  stop_logging();
  pipe.restore();
  return pipe.read_all();
}

TEST(LogTest, ATextLineHasTimeLevelModuleAndPairs) {
  const std::string line = logged({}, [] { kLog.info("listening", {{"loops", 2}}); });
  EXPECT_TRUE(std::regex_match(
      line, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z info base: listening loops=2\n")))
      << line;
}

TEST(LogTest, AJsonLineIsOneObject) {
  const std::string line = logged({.format = LogFormat::kJson}, [] { kLog.warning("full", {{"app", "a1"}}); });
  EXPECT_TRUE(
      std::regex_match(line, std::regex("\\{\"time\":\"[0-9T:.Z-]{24}\",\"level\":\"warning\",\"module\":\"base\","
                                        "\"message\":\"full\",\"app\":\"a1\"\\}\n")))
      << line;
}

TEST(LogTest, LinesBelowTheLevelAreNotWritten) {
  const std::string lines = logged({.level = LogLevel::kWarning}, [] {
    kLog.info("quiet");
    kLog.error("loud");
    set_log_level(LogLevel::kOff);
    kLog.error("silent");
    set_log_level(LogLevel::kDebug);
    kLog.debug("detail");
  });
  EXPECT_EQ(lines.find("quiet"), std::string::npos);
  EXPECT_NE(lines.find("error base: loud"), std::string::npos);
  EXPECT_EQ(lines.find("silent"), std::string::npos);
  EXPECT_NE(lines.find("debug base: detail"), std::string::npos);
}

TEST(LogTest, LinesOfOneThreadKeepTheirOrder) {
  const std::string lines = logged({}, [] {
    for (int i = 0; i < 100; ++i) kLog.info("line", {{"i", i}});
  });
  std::size_t position = 0;
  for (int i = 0; i < 100; ++i) {
    position = lines.find("i=" + std::to_string(i) + "\n", position);
    ASSERT_NE(position, std::string::npos) << i;
  }
}

TEST(LogTest, BeforeTheStartAndAfterTheStopLinesAreWrittenAtOnce) {
  set_log_level(LogLevel::kWarning);
  StderrPipe pipe;
  kLog.info("not this");
  kLog.warning("this");
  pipe.restore();
  const std::string lines = pipe.read_all();
  EXPECT_EQ(lines.find("not this"), std::string::npos);
  EXPECT_NE(lines.find("warning base: this\n"), std::string::npos);
}

// Nobody reads stderr: the writer thread is stuck, and this thread must not be.
TEST(LogTest, AFullQueueDropsTheNewestAndCountsIt) {
  constexpr int kLines = 20'000;
  const std::uint64_t dropped_before = dropped_log_lines();
  StderrPipe pipe;
  constexpr std::uint32_t kQueued = 64;
  start_logging({.queued_lines_max = kQueued});
  for (int i = 0; i < kLines; ++i) kLog.info("flood", {{"i", i}});
  const std::uint64_t dropped = dropped_log_lines() - dropped_before;
  EXPECT_GT(dropped, kLines / 2U);  // the pipe takes what is written of them

  std::string lines;
  {
    const std::jthread reader([&] { lines = pipe.read_all(); });
    stop_logging();
    pipe.restore();
  }
  const auto written = static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  EXPECT_EQ(written + dropped, kLines);
  EXPECT_NE(lines.find(" i=0\n"), std::string::npos) << "the oldest line was lost";
}

TEST(LogTest, ThreadsMayLogWhileLoggingStops) {
  StderrPipe pipe;
  std::string lines;
  {
    const std::jthread reader([&] { lines = pipe.read_all(); });
    {
      start_logging({});
      const auto write = [] {
        for (int i = 0; i < 500; ++i) kLog.info("together", {{"i", i}});
      };
      const std::jthread one(write);
      const std::jthread two(write);
      stop_logging();
    }
    pipe.restore();
  }
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1000);
}

}  // namespace
}  // namespace fanfare
