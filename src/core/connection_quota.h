// ConnectionQuota: how many connections an app and an address may hold.
//
// Thread: any loop. The per-app count is one atomic (AppUsage). The per-address count is a table behind a mutex, which
// is
//         locked only for apps that set connections_per_address, once at connect and once at close.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/app.h"

namespace fanfare::core {

class ConnectionQuota;

// A connection's places, given back on destruction. Empty after a move.
class [[nodiscard]] ConnectionTicket {
 public:
  ConnectionTicket() = default;
  ConnectionTicket(ConnectionTicket&& other) noexcept
      : usage_(std::move(other.usage_)), address_(std::move(other.address_)) {}
  ConnectionTicket& operator=(ConnectionTicket&& other) noexcept {
    std::swap(usage_, other.usage_);
    std::swap(address_, other.address_);
    return *this;
  }
  ~ConnectionTicket();

  explicit operator bool() const noexcept { return usage_ != nullptr || address_ != nullptr; }
  bool counts_for_app() const noexcept { return usage_ != nullptr; }

 private:
  friend class ConnectionQuota;  // the only maker of tickets

  // A place among those of an address; where addresses are counted only, which keeps most tickets small.
  class AddressPlace {
   public:
    AddressPlace(ConnectionQuota& quota, std::string address) : quota_(quota), address_(std::move(address)) {}
    AddressPlace(const AddressPlace&) = delete;
    AddressPlace& operator=(const AddressPlace&) = delete;
    ~AddressPlace();

   private:
    ConnectionQuota& quota_;
    const std::string address_;  // "app address"
  };

  std::shared_ptr<AppUsage> usage_;  // null: not counted for the app
  std::unique_ptr<AddressPlace> address_;
};

enum class QuotaRefusal : std::uint8_t { kApp, kAddress };

class ConnectionQuota {
 public:
  // A ticket, or an empty one with the reason in `refusal`.
  struct Outcome {
    ConnectionTicket ticket;
    QuotaRefusal refusal = QuotaRefusal::kApp;
  };
  Outcome take(const App& app, std::string_view address);
  // The two halves, for connections that count for their app later than for their address. An address ticket is empty
  // where addresses are not counted, so ask `has_place` instead.
  struct AddressOutcome {
    ConnectionTicket ticket;
    bool has_place = true;
  };
  AddressOutcome take_address_only(const App& app, std::string_view address);
  // Adds the app's place to `ticket`, which may be empty. False: it has none left.
  [[nodiscard]] bool add_app(const App& app, ConnectionTicket& ticket);

 private:
  friend class ConnectionTicket;
  bool take_address(const std::string& address, std::uint32_t most);
  void give_back_address(const std::string& address) noexcept;

  std::mutex mutex_;
  std::unordered_map<std::string, std::uint32_t> by_address_;
};

}  // namespace fanfare::core
