#include "base/log.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <memory>
#include <mutex>

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include "base/log_line.h"

namespace fanfare {
namespace {

std::atomic<LogLevel> minimum_level{LogLevel::kWarning};
std::atomic<std::size_t> queued_lines{0};
std::atomic<std::size_t> queued_lines_max{0};
std::atomic<std::uint64_t> dropped_lines{0};

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

// Writes lines to stderr without a buffer of its own, so that nothing is lost when the process dies.
class StderrSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit StderrSink(bool takes_from_queue) : takes_from_queue_(takes_from_queue) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::size_t written = 0;
    while (written < line.size()) {
      const ssize_t count = ::write(STDERR_FILENO, line.data() + written, line.size() - written);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        // Nobody reads, or the disk is full: there is no better place to say it than the counter.
        dropped_lines.fetch_add(1, std::memory_order_relaxed);
        break;
      }
      written += static_cast<std::size_t>(count);
    }
    if (takes_from_queue_) queued_lines.fetch_sub(1, std::memory_order_relaxed);
  }
  void flush_() override {}

 private:
  bool takes_from_queue_;
};

std::unique_ptr<spdlog::formatter> formatter_of(LogFormat format) {
  const char* pattern = format == LogFormat::kText ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                                                   : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
  return std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc);
}

// One way of writing lines: at once (before start_logging and after stop_logging), or through the writer thread.
struct Writer {
  LogFormat format = LogFormat::kText;
  std::shared_ptr<spdlog::details::thread_pool> pool;  // null: at once
  std::shared_ptr<spdlog::logger> logger;
};

std::shared_ptr<Writer> make_direct_writer(LogFormat format) {
  auto sink = std::make_shared<StderrSink>(false);
  auto logger = std::make_shared<spdlog::logger>("fanfare", std::move(sink));
  logger->set_formatter(formatter_of(format));
  logger->set_level(spdlog::level::debug);
  return std::make_shared<Writer>(Writer{format, nullptr, std::move(logger)});
}

std::shared_ptr<Writer> make_queued_writer(const LogOptions& options) {
  // Signals belong to the thread that waits for them.
  const auto block_signals = [] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
  };
  // spdlog's own policies for a full queue are to wait or to lose the oldest line. Neither happens: `queued_lines`
  // keeps the queue below its size, so that the newest is dropped, where the cause of a flood is best seen.
  auto pool = std::make_shared<spdlog::details::thread_pool>(options.queued_lines_max + 1, 1, block_signals);
  auto logger = std::make_shared<spdlog::async_logger>("fanfare", std::make_shared<StderrSink>(true), pool,
                                                       spdlog::async_overflow_policy::block);
  logger->set_formatter(formatter_of(options.format));
  logger->set_level(spdlog::level::debug);
  return std::make_shared<Writer>(Writer{options.format, std::move(pool), std::move(logger)});
}

// The mutex guards one pointer; it is taken for lines that are written, never on the path of a message.
class CurrentWriter {
 public:
  std::shared_ptr<Writer> get() {
    const std::lock_guard lock(mutex_);
    return writer_;
  }
  std::shared_ptr<Writer> replace(std::shared_ptr<Writer> writer) {
    const std::lock_guard lock(mutex_);
    writer_.swap(writer);
    return writer;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Writer> writer_ = make_direct_writer(LogFormat::kText);
};

CurrentWriter& current_writer() {
  static auto* const writer = new CurrentWriter;  // never destroyed: a static's destructor may still log
  return *writer;
}

bool try_take_queue_place() {
  if (queued_lines.fetch_add(1, std::memory_order_relaxed) < queued_lines_max.load(std::memory_order_relaxed)) {
    return true;
  }
  queued_lines.fetch_sub(1, std::memory_order_relaxed);
  dropped_lines.fetch_add(1, std::memory_order_relaxed);
  return false;
}

}  // namespace

void start_logging(const LogOptions& options) {
  set_log_level(options.level);
  queued_lines_max.store(options.queued_lines_max, std::memory_order_relaxed);
  current_writer().replace(make_queued_writer(options));
}

void set_log_level(LogLevel level) { minimum_level.store(level, std::memory_order_relaxed); }

void stop_logging() {
  const LogFormat format = current_writer().get()->format;
  // The last holder of the old writer destroys the pool, which writes what is queued and joins its thread.
  current_writer().replace(make_direct_writer(format));
}

std::uint64_t dropped_log_lines() noexcept { return dropped_lines.load(std::memory_order_relaxed); }

bool Logger::enabled(LogLevel level) noexcept { return level >= minimum_level.load(std::memory_order_relaxed); }

void Logger::write_line(LogLevel level, const char* module, std::string_view message, Fields fields) {
  const std::shared_ptr<Writer> writer = current_writer().get();
  if (writer->pool != nullptr && !try_take_queue_place()) return;
  const bool is_text = writer->format == LogFormat::kText;
  writer->logger->log(to_spdlog(level),
                      is_text ? text_log_line(module, message, fields) : json_log_members(module, message, fields));
}

}  // namespace fanfare
