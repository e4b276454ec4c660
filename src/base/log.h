// Structured logs: one line an event, `key=value` pairs behind the message (or one JSON object).
//
//   namespace { const Logger kLog("net"); }
//   kLog.info("listening", {{"address", address}, {"loops", 2}});
//
// Info is for the life cycle of process, node and app; debug for single connections; nothing is logged per message.
// Thread: any. A line is handed to a writer thread through a bounded queue; when that is full, lines are dropped and
// counted (dropped_log_lines()), never waited for.
// Never pass a secret, a token or a body.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fanfare {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };
enum class LogFormat : std::uint8_t { kText, kJson };

struct LogOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
  std::uint32_t queued_lines_max = 1024;  // 408 bytes each, taken at the start; lines that wait for the writer
};

// Call once, before threads start; before it (in tests, in the CLI) lines go to stderr at warning level.
void start_logging(const LogOptions& options);
void set_log_level(LogLevel level);
// Writes out what is queued and stops the writer thread.
void stop_logging();
std::uint64_t dropped_log_lines() noexcept;

class LogField {
 public:
  LogField(std::string_view key, std::string_view value) : key_(key), text_(value) {}
  LogField(std::string_view key, const char* value) : key_(key), text_(value) {}
  LogField(std::string_view key, const std::string& value) : key_(key), text_(value) {}
  LogField(std::string_view key, std::integral auto value)
      : key_(key), text_(std::to_string(value)), is_number_(true) {}
  LogField(std::string_view key, double value) : key_(key), text_(std::to_string(value)), is_number_(true) {}

  std::string_view key() const noexcept { return key_; }
  const std::string& text() const noexcept { return text_; }
  bool is_number() const noexcept { return is_number_; }

 private:
  std::string_view key_;
  std::string text_;
  bool is_number_ = false;
};

class Logger {
 public:
  constexpr explicit Logger(const char* module) : module_(module) {}

  using Fields = std::initializer_list<LogField>;
  void debug(std::string_view message, Fields fields = {}) const {
    if (enabled(LogLevel::kDebug)) write(LogLevel::kDebug, message, fields);
  }
  void info(std::string_view message, Fields fields = {}) const {
    if (enabled(LogLevel::kInfo)) write(LogLevel::kInfo, message, fields);
  }
  void warning(std::string_view message, Fields fields = {}) const {
    if (enabled(LogLevel::kWarning)) write(LogLevel::kWarning, message, fields);
  }
  void error(std::string_view message, Fields fields = {}) const {
    if (enabled(LogLevel::kError)) write(LogLevel::kError, message, fields);
  }
  // Test it before building costly fields.
  static bool enabled(LogLevel level) noexcept;

 private:
  static void write_line(LogLevel level, const char* module, std::string_view message, Fields fields);
  void write(LogLevel level, std::string_view message, Fields fields) const {
    write_line(level, module_, message, fields);
  }

  const char* module_;
};

}  // namespace fanfare
