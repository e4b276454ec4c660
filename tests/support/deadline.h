// The patience of the blocking clients. Only a failure reaches it, so it is generous: sanitizers and busy machines are
// slow.
#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

namespace fanfare::test {

inline constexpr std::chrono::seconds kPatience{30};

// Something that a test waits for did not come. GoogleTest reports it as the failure of the test.
class Timeout : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// For states that nobody announces, such as a gauge. Looks again and again; throws Timeout when it never holds.
inline void wait_until(const std::string& what, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= deadline) throw Timeout("never came true: " + what);
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}

}  // namespace fanfare::test
