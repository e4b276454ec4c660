// Faults: everything that is wrong with a configuration, each with its place.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace fanfare::config {

struct Fault {
  std::string place;  // "fanfare.toml:3:8", "FANFARE_PORT", "--port"
  std::string message;
};

// Order: as added. What is beyond kFaultsMax is only counted.
class Faults {
 public:
  static constexpr std::size_t kFaultsMax = 100;

  void add(std::string place, std::string message);
  bool empty() const noexcept { return faults_.empty(); }
  const std::vector<Fault>& all() const noexcept { return faults_; }
  // All of them, one a line.
  Error error() const;

 private:
  std::vector<Fault> faults_;
  std::size_t more_ = 0;
};

}  // namespace fanfare::config
