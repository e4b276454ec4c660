// fanfare-floor: see floor_server.h.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "floor_server.h"
#include "net/fd_limit.h"
#include "net/listener.h"
#include "net/socket_address.h"

namespace {

constexpr const char* kUsage =
    "fanfare-floor [--port N] [--engine send|uring] [--input epoll|uring] [--frames-a-write N]\n"
    "              [--secret SECRET]\n"
    "The kernel's share of fanout, rooms, client events, publish and connect; measure it with\n"
    "`fanfare bench ... --against-floor`. Listens on 127.0.0.1; port 0, the default, is one that is free.\n"
    "With a secret it checks the signature and the digest of what is published, and still parses nothing.\n";
constexpr std::uint64_t kOpenFiles = 200'000;

struct Arguments {
  std::uint16_t port = 0;
  std::size_t frames_a_write = 1;
  bool sends_by_ring = false;
  bool reads_by_ring = false;
  std::optional<std::string_view> secret;  // empty: signatures are not checked
};

bool read_number(std::string_view text, std::size_t max, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number <= max;
}

// False: they make no sense.
bool read_arguments(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) return false;
    const std::string_view value = argv[i + 1];
    std::size_t number = 0;
    if (name == "--engine" && (value == "send" || value == "uring")) {
      arguments.sends_by_ring = value == "uring";
    } else if (name == "--input" && (value == "epoll" || value == "uring")) {
      arguments.reads_by_ring = value == "uring";
    } else if (name == "--port" && read_number(value, 65'535, number)) {
      arguments.port = static_cast<std::uint16_t>(number);
    } else if (name == "--frames-a-write" && read_number(value, 1'000, number) && number > 0) {
      arguments.frames_a_write = number;
    } else if (name == "--secret" && !value.empty()) {
      arguments.secret = value;
    } else {
      return false;
    }
  }
  return true;
}

int run(const Arguments& arguments) {
  using namespace fanfare;
  auto sender = arguments.sends_by_ring ? floor::make_ring_sender() : floor::make_send_sender();
  if (sender == nullptr) {
    std::fputs("fanfare-floor: the kernel refuses io_uring\n", stderr);
    return 1;
  }
  net::raise_fd_limit(kOpenFiles);
  auto sockets = net::open_listen_sockets(*net::SocketAddress::parse("127.0.0.1", arguments.port), 1, 4096);
  if (!sockets.ok()) {
    std::fprintf(stderr, "fanfare-floor: %s\n", sockets.error().message.c_str());
    return 1;
  }
  net::UniqueFd& listening = sockets->front();
  std::printf("fanfare-floor is listening on %s\n",
              net::SocketAddress::of_local_end(listening.get()).to_string().c_str());
  std::fflush(stdout);
  std::optional<floor::SignatureCheck> signature;
  if (arguments.secret) signature.emplace(*arguments.secret);
  floor::FloorServer server(std::move(sender), arguments.frames_a_write, std::move(signature));
  auto input = arguments.reads_by_ring ? floor::make_ring_input(std::move(listening), server)
                                       : floor::make_epoll_input(std::move(listening), server);
  if (input == nullptr) {
    std::fputs("fanfare-floor: the kernel refuses io_uring, or has no buffer rings\n", stderr);
    return 1;
  }
  server.run(std::move(input));
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!read_arguments(argc, argv, arguments)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  return run(arguments);
}
