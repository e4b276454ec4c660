// The hub under any sequence of operations, two bytes each, against a model of plain maps: after each operation every
// connection has been told exactly what the model says, slices of a fan-out included.
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/assert.h"
#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace {

using namespace fanfare;

constexpr std::size_t kConnections = 5;
const std::array<std::string, 3> kChannels = {"red", "green", "blue"};

// What a connection must have been told. An event is promised to those who are there when it is published, and kept
// when a slice comes to them; leaving forfeits it.
class Model {
 public:
  struct Connection {
    std::map<std::string, std::vector<std::string>> owed;  // by channel that it is in: in order
  };

  void publish(const std::string& channel, const std::string& payload, std::size_t except) {
    for (std::size_t i = 0; i < kConnections; ++i) {
      const auto there = connections[i].owed.find(channel);
      if (there != connections[i].owed.end() && i != except) there->second.push_back(payload);
    }
  }
  // `payload` came: it is the first that is owed in its channel.
  void keep_promise(std::size_t connection, const std::string& payload) {
    for (auto& [channel, owed] : connections[connection].owed) {
      if (owed.empty() || owed.front() != payload) continue;
      owed.erase(owed.begin());
      return;
    }
    FANFARE_ASSERT(false);  // nothing like this was owed
  }
  std::size_t owed() const {
    std::size_t all = 0;
    for (const Connection& connection : connections) {
      for (const auto& [channel, owed] : connection.owed) all += owed.size();
    }
    return all;
  }

  std::array<Connection, kConnections> connections;
};

class Run {
 public:
  explicit Run(std::uint32_t slice_writes) : loops_(1, options(slice_writes)) {
    for (std::size_t i = 0; i < kConnections; ++i) open(i);
  }

  void operate(std::uint8_t operation, std::uint8_t detail) {
    const std::size_t connection = detail % kConnections;
    const std::string& channel = kChannels[detail / kConnections % kChannels.size()];
    switch (operation % 8) {
      case 0:
      case 1:
        subscribe(connection, channel);
        break;
      case 2:
        unsubscribe(connection, channel);
        break;
      case 3:
        publish(channel, kConnections);
        break;
      case 4:
        publish(channel, connection);
        break;
      case 5:
      case 6:
        (void)loops_[0].run_turn();
        break;
      default:
        close(connection);
    }
    compare();
  }

  void finish() {
    while (loops_[0].run_turn()) compare();
    compare();
    FANFARE_ASSERT(model_.owed() == 0);
    for (std::size_t i = 0; i < kConnections; ++i) loops_.close(*connections_[i]);
    FANFARE_ASSERT(loops_[0].hub().channel_count() == 0);
    FANFARE_ASSERT(loops_[0].channels().size() == 0);
  }

 private:
  static core::CoreOptions options(std::uint32_t slice_writes) {
    core::CoreOptions made;
    made.fan_out_slice_writes = slice_writes;
    return made;
  }
  void open(std::size_t i) {
    connections_[i] = std::make_unique<test::FakeSubscriber>();
    loops_.connect(0, *connections_[i]);
  }
  void close(std::size_t i) {
    loops_.close(*connections_[i]);
    model_.connections[i] = {};
    open(i);
  }
  void subscribe(std::size_t i, const std::string& channel) {
    const core::SubscribeOutcome outcome = loops_.subscribe(*connections_[i], app_, channel);
    const bool is_new = model_.connections[i].owed.try_emplace(channel).second;
    FANFARE_ASSERT((outcome == core::SubscribeOutcome::kStarted) == is_new);
    if (!is_new) return;
    FANFARE_ASSERT(connections_[i]->log == std::vector<std::string>{"admitted " + channel});
    connections_[i]->log.clear();
  }
  void unsubscribe(std::size_t i, const std::string& channel) {
    const bool was_there = model_.connections[i].owed.erase(channel) != 0;
    FANFARE_ASSERT(loops_.unsubscribe(*connections_[i], channel) == was_there);
  }
  void publish(const std::string& channel, std::size_t except) {
    const std::string data = std::to_string(++published_);
    const core::ConnectionRef ref = except < kConnections ? connections_[except]->ref() : core::ConnectionRef{};
    FANFARE_ASSERT(loops_.publish(0, app_, channel, data, ref).ok());
    model_.publish(channel, test::published(channel, data), except);
  }
  void compare() {
    std::map<std::string, std::size_t> seated;
    for (std::size_t i = 0; i < kConnections; ++i) {
      for (const std::string& payload : connections_[i]->take_log()) model_.keep_promise(i, payload);
      FANFARE_ASSERT(connections_[i]->subscription_count() == model_.connections[i].owed.size());
      for (const auto& [channel, owed] : model_.connections[i].owed) ++seated[channel];
    }
    for (const std::string& channel : kChannels) {
      const core::HubChannel* known = loops_[0].hub().find(core::ChannelView({}, channel));
      FANFARE_ASSERT((known == nullptr ? 0 : known->seated()) == seated[channel]);
    }
  }

  core::AppRef app_ = test::make_app();
  test::CoreLoops loops_;
  std::array<std::unique_ptr<test::FakeSubscriber>, kConnections> connections_;
  Model model_;
  std::uint64_t published_ = 0;
};

}  // namespace

// First byte: how many seats a slice serves.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 2000) return 0;
  Run run(data[0] % 4 + 1U);
  for (std::size_t at = 1; at + 1 < size; at += 2) run.operate(data[at], data[at + 1]);
  run.finish();
  return 0;
}
