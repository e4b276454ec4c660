// fanfare-request-load: see request_load.h.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "net/socket_address.h"
#include "request_load.h"

namespace {

using fanfare::bench::BenchTarget;
using fanfare::bench::RequestLoadOptions;

constexpr const char* kUsage =
    "fanfare-request-load --port N --requests FILE [--pid N] [--connections N] [--milliseconds N] [--status N]\n"
    "Plays the HTTP requests of FILE, one behind the other in it, against 127.0.0.1 and prints JSON. --pid: the\n"
    "server's process, for its CPU time. --milliseconds: how long is measured, 5,000 unless told otherwise.\n"
    "--status: what answers are expected to have; 200 unless told otherwise.\n";
constexpr int kUsageStatus = 2;

struct Arguments {
  std::uint16_t port = 0;
  std::string requests;
  pid_t pid = 0;
  RequestLoadOptions options;
};

// False: they make no sense.
bool read_argument(std::string_view name, std::string_view value, Arguments& arguments) {
  if (name == "--requests") {
    arguments.requests = value;
    return true;
  }
  constexpr std::uint32_t kMax = 10'000'000;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number == 0 || number > kMax) return false;
  if (name == "--port" && number <= 65'535) {
    arguments.port = static_cast<std::uint16_t>(number);
  } else if (name == "--pid") {
    arguments.pid = static_cast<pid_t>(number);
  } else if (name == "--connections" && number <= 10'000) {
    arguments.options.connections = number;
  } else if (name == "--milliseconds") {
    arguments.options.duration = std::chrono::milliseconds(number);
  } else if (name == "--status") {
    arguments.options.status = static_cast<int>(number);
  } else {
    return false;
  }
  return true;
}

int fail(const std::string& text, int status) {
  std::fprintf(stderr, "fanfare-request-load: %s\n", text.c_str());
  return status;
}

int run(const Arguments& arguments) {
  std::ifstream file(arguments.requests, std::ios::binary);
  if (!file) return fail("cannot read " + arguments.requests, kUsageStatus);
  std::ostringstream read;
  read << file.rdbuf();
  const std::string text = std::move(read).str();
  const auto requests = fanfare::bench::split_requests(text);
  if (!requests.ok()) return fail(requests.error().message, kUsageStatus);
  BenchTarget target{.address = *fanfare::net::SocketAddress::parse("127.0.0.1", arguments.port)};
  if (arguments.pid != 0) target.pids = {arguments.pid};
  const auto report = run_request_load(target, *requests, arguments.options);
  if (!report.ok()) return fail(report.error().message, 1);
  std::printf("%s\n", report_json(*report).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !read_argument(argv[i], argv[i + 1], arguments)) return fail(kUsage, kUsageStatus);
  }
  if (arguments.port == 0 || arguments.requests.empty()) return fail(kUsage, kUsageStatus);
  return run(arguments);
}
