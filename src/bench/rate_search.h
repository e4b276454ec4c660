// RateSearch: which rate to try next, to find the highest that passes: up by half until one fails, then between. Pure.
#pragma once

namespace fanfare::bench {

class RateSearch {
 public:
  // REQUIRES: start > 0.
  explicit RateSearch(double start) noexcept : next_(start) {}

  // False: the answer is best(), within a few per cent.
  bool goes_on() const noexcept { return steps_ < kStepsMax && (failed_ == 0 || failed_ > passed_ * kCloseEnough); }
  double next() const noexcept { return next_; }
  // What became of next().
  void report(bool passed) noexcept;

  double best() const noexcept { return passed_; }  // 0: none passed

 private:
  static constexpr double kFactor = 1.5;
  static constexpr double kCloseEnough = 1.06;
  static constexpr int kStepsMax = 40;

  double next_;
  double passed_ = 0;
  double failed_ = 0;  // 0: none has
  int steps_ = 0;
};

}  // namespace fanfare::bench
