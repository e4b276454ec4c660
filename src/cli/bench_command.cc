#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "base/startup_error.h"
#include "bench/plot.h"
#include "bench/run.h"
#include "cli/command.h"
#include "cli/connection_flags.h"
#include "cli/print.h"
#include "net/socket_address.h"

namespace fanfare::cli {

namespace {

using bench::BenchOptions;
using bench::Scenario;

constexpr int kInterruptedStatus = 130;  // the shell's word for SIGINT, so that its loops end, too

constexpr const char* kExamples = R"(Examples:
  fanfare bench fanout --subscribers 1000 --rate 50 --server-pid $(pidof fanfare)
  fanfare bench rooms --channels 1000 --per-channel 5 --rate 4000 --json result.json
  fanfare bench max --subscribers 1000 --publishers 4 --plot max.svg
Works against any server of the Pusher Channels protocol. With --server-pid its CPU time and memory are reported, too.
The load is an open loop: latencies count from when an event was due. See docs/benchmarks.md.)";

// What the command line says, at addresses that stay.
struct Bench {
  explicit Bench(CLI::App& command) : connection(command) {}

  ConnectionFlags connection;
  BenchOptions options;
  std::vector<pid_t> pids;
  double seconds = 0;
  double warm_up_seconds = 1;
  std::string json;
  std::string plot;
  bool against_floor = false;
  bool quiet = false;
};

Result<bench::BenchTarget> bench_target(const Bench& bench) {
  const Result<Target> target = bench.connection.target();
  if (!target.ok()) return target.error();
  if (Status able = check_can_sign(*target); !able.ok()) return std::move(able).error();
  const Result<net::SocketAddress> address = net::SocketAddress::resolve_blocking(target->host, target->port);
  if (!address.ok()) return address.error();
  return bench::BenchTarget{.address = *address,
                            .host_header = target->address(),
                            .app_id = target->app_id,
                            .key = target->key,
                            .secret = target->secret,
                            .pids = bench.pids,
                            .answers_blindly = bench.against_floor};
}

Status write_json(const std::string& path, const std::string& json) {
  if (path == "-") {
    print_line(json);
    return {};
  }
  std::ofstream file(path);
  file << json << '\n';
  file.close();
  return file ? Status() : Status(Error{ErrorKind::kIo, "cannot write " + path});
}

Status check_writable(const std::string& path) {
  if (path.empty() || path == "-") return {};
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const bool exists = ::access(path.c_str(), F_OK) == 0;
  if (::access(exists ? path.c_str() : (folder.empty() ? "." : folder.c_str()), W_OK) == 0) return {};
  return Error{ErrorKind::kIo, "cannot write " + path + ": " + std::strerror(errno)};
}

// What a run of an hour should not end with.
Status check_before_run(const Bench& bench) {
  if (Status checked = check_options(bench.options); !checked.ok()) return checked;
  if (Status checked = check_writable(bench.json); !checked.ok() || bench.plot.empty()) return checked;
  if (Status checked = bench::check_plot_blocking(bench.plot); !checked.ok()) return checked;
  return check_writable(bench.plot);
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000));
}

std::atomic<bool> stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);

// Ctrl-C ends the load, and what was measured is reported; a second one ends the process.
void stop_on_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int /*signal*/) { stop = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
}

int run(Bench& bench) {
  const Result<bench::BenchTarget> target = bench_target(bench);
  if (!target.ok()) return fail(target.error(), kUsageStatus);
  bench.options.duration = milliseconds(bench.seconds);
  bench.options.warm_up = milliseconds(bench.warm_up_seconds);
  if (Status checked = check_before_run(bench); !checked.ok()) return fail(checked.error(), kUsageStatus);
  stop_on_interrupt();
  bench.options.stop = &stop;
  const auto progress = [&bench](const std::string& line) {
    if (!bench.quiet) print_note(line);
  };
  const Result<bench::Report> report = bench::run_bench(*target, bench.options, progress);
  if (!report.ok()) {
    return fail(Error{report.error().kind, target->host_header + ": " + report.error().message}, kFailedStatus);
  }
  if (bench.json != "-") print_line(report_text(*report));
  if (!bench.json.empty()) {
    if (Status written = write_json(bench.json, report_json(*report)); !written.ok()) {
      return fail(written.error(), kFailedStatus);
    }
  }
  if (!bench.plot.empty()) {
    if (Status drawn = bench::write_plot_blocking(*report, bench.plot); !drawn.ok()) {
      return fail(drawn.error(), kFailedStatus);
    }
  }
  return stop ? kInterruptedStatus : 0;
}

// One scenario's subcommand, with what all of them have.
class ScenarioFlags {
 public:
  ScenarioFlags(CLI::App& parent, Action& action, Scenario scenario, const char* text)
      : command_(*parent.add_subcommand(std::string(bench::scenario_name(scenario)), text)),
        bench_(std::make_shared<Bench>(command_)) {
    bench_->options.scenario = scenario;
    command_.add_option("--server-pid", bench_->pids, "The server's process, for its CPU time and memory")
        ->type_name("PID");
    command_.add_option("--json", bench_->json, "Write the result as JSON; - is standard output")->type_name("FILE");
    command_.add_option("--plot", bench_->plot, "Draw the result, by gnuplot: .svg or .png")->type_name("FILE");
    command_.add_flag("--against-floor", bench_->against_floor, "The server is fanfare-floor, which answers blindly");
    command_.add_flag("--quiet", bench_->quiet, "No lines of progress");
    count("--window", options().window, options().window, "Connections opened at a time");
    command_.callback([bench = bench_, &action] { action = [bench] { return run(*bench); }; });
  }

  BenchOptions& options() { return bench_->options; }
  CLI::App& command() { return command_; }

  ScenarioFlags& count(const char* name, std::uint32_t& into, std::uint32_t value, const char* text) {
    into = value;
    command_.add_option(name, into, text)->type_name("N")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    return *this;
  }
  ScenarioFlags& rate(double value, const char* text, double min = 0.001) {
    options().rate = value;
    command_.add_option("--rate", options().rate, text)
        ->type_name("N")
        ->check(CLI::Range(min, 1e7))
        ->capture_default_str();
    return *this;
  }
  ScenarioFlags& bytes() {
    command_.add_option("--bytes", options().data_bytes, "Data of an event; at least 40 are sent")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    return *this;
  }
  ScenarioFlags& seconds(double value, const char* text) {
    bench_->seconds = value;
    command_.add_option("--seconds", bench_->seconds, text)
        ->type_name("N")
        ->check(CLI::Range(0.0, 86'400.0))
        ->capture_default_str();
    return *this;
  }
  ScenarioFlags& warm_up() {
    command_.add_option("--warm-up", bench_->warm_up_seconds, "Seconds of load before measuring")
        ->type_name("N")
        ->check(CLI::Range(0.0, 600.0))
        ->capture_default_str();
    return *this;
  }
  ScenarioFlags& kind() {
    return choice<bench::ChannelKind>("--kind", options().kind, "Channels; else public",
                                      {{"public", bench::ChannelKind::kPublic},
                                       {"private", bench::ChannelKind::kPrivate},
                                       {"presence", bench::ChannelKind::kPresence}});
  }
  ScenarioFlags& by() {
    return choice<bench::PublishBy>(
        "--by", options().by, "Publish by the HTTP api, or by client events of the first subscribers; else api",
        {{"api", bench::PublishBy::kApi}, {"client-events", bench::PublishBy::kClientEvents}});
  }

 private:
  template <typename Value>
  ScenarioFlags& choice(const char* name, Value& into, const char* text, const std::map<std::string, Value>& values) {
    command_
        .add_option_function<std::string>(
            name, [&into, values](const std::string& word) { into = values.at(word); }, text)
        ->type_name("WORD")
        ->check(CLI::IsMember(values));
    return *this;
  }

  CLI::App& command_;
  std::shared_ptr<Bench> bench_;
};

void add_deliveries(CLI::App& parent, Action& action) {
  ScenarioFlags fanout(parent, action, Scenario::kFanout, "Events to one channel of many subscribers");
  fanout.count("--subscribers", fanout.options().clients, 1'000, "Subscribers")
      .count("--publishers", fanout.options().publishers, 1, "Publishers: keep-alive connections, or clients")
      .count("--batch", fanout.options().batch, 1, "Events a request; above 1 by POST /batch_events, and only by api");
  fanout.rate(50, "Events a second in all").bytes().seconds(10, "Measured time").warm_up().by();

  ScenarioFlags rooms(parent, action, Scenario::kRooms, "Events to many channels of few subscribers");
  rooms.count("--channels", rooms.options().rooms, 1'000, "Channels")
      .count("--per-channel", rooms.options().clients, 5, "Subscribers of each")
      .count("--publishers", rooms.options().publishers, 8, "Keep-alive connections that publish");
  rooms.rate(1'000, "Events a second in all").bytes().seconds(10, "Measured time").warm_up();

  ScenarioFlags pairs(parent, action, Scenario::kClientEvents,
                      "Pairs of clients that send client events to one another");
  pairs.count("--pairs", pairs.options().rooms, 500, "Pairs");
  pairs.options().clients = 2;
  pairs.options().by = bench::PublishBy::kClientEvents;
  pairs.rate(1'000, "Events a second in all; most servers take 10 of a client").bytes();
  pairs.seconds(10, "Measured time").warm_up();

  ScenarioFlags max(parent, action, Scenario::kMax, "The highest rate of a fanout without loss or lateness");
  max.count("--subscribers", max.options().clients, 1'000, "Subscribers")
      .count("--publishers", max.options().publishers, 4, "Publishers: keep-alive connections, or clients");
  max.rate(50, "Events a second to begin with").bytes().seconds(3, "Of each step").warm_up().by();
  max.command()
      .add_option_function<std::int64_t>(
          "--p99-ms",
          [options = &max.options()](std::int64_t ms) { options->latency_max = std::chrono::milliseconds(ms); },
          "A higher p99 is too late; default 250")
      ->type_name("N")
      ->check(CLI::Range(1, 60'000));
}

void add_connections(CLI::App& parent, Action& action) {
  ScenarioFlags presence(parent, action, Scenario::kPresence, "Members that join one presence channel");
  presence.count("--members", presence.options().clients, 1'000, "Members");
  presence.command().add_flag("--storm", presence.options().storm, "All at once, instead of one after the other");

  ScenarioFlags idle(parent, action, Scenario::kIdle, "Connections that do nothing: what one costs");
  idle.count("--connections", idle.options().clients, 1'000, "Connections")
      .count("--channels", idle.options().rooms, 1, "Channels that they subscribe to, each to one");
  idle.kind().seconds(1, "Idle time");

  ScenarioFlags publish(parent, action, Scenario::kPublish, "Requests to the HTTP API, without a subscriber");
  publish.count("--connections", publish.options().publishers, 32, "Keep-alive connections")
      .count("--batch", publish.options().batch, 1, "Events a request; above 1 by POST /batch_events");
  publish.rate(0, "Requests a second; 0: as fast as they are answered", 0).bytes();
  publish.seconds(10, "Measured time").warm_up();

  ScenarioFlags churn(parent, action, Scenario::kChurn, "Clients that come and go: what stays behind");
  churn.count("--alive", churn.options().clients, 100, "Clients at a time")
      .count("--channels", churn.options().rooms, 10, "Channels that they subscribe to, each to one");
  churn.kind().rate(200, "Connects a second").seconds(60, "Time in all");
}

}  // namespace

void add_bench(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("bench", "Put load on a server and measure it");
  command->require_subcommand(1);
  command->footer(kExamples);
  add_deliveries(*command, action);
  add_connections(*command, action);
}

}  // namespace fanfare::cli
