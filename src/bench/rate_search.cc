#include "bench/rate_search.h"

#include <cmath>

namespace fanfare::bench {

void RateSearch::report(bool passed) noexcept {
  ++steps_;
  if (passed) {
    passed_ = next_;
  } else {
    failed_ = next_;
  }
  if (failed_ == 0) {
    next_ = passed_ * kFactor;
  } else if (passed_ == 0) {
    next_ = failed_ / 2;
    if (next_ < 1) steps_ = kStepsMax;  // not even one a second
  } else {
    next_ = std::sqrt(passed_ * failed_);
  }
}

}  // namespace fanfare::bench
