// Trend: the straight line through measurements, and how sure its slope is. Pure.
#pragma once

#include <utility>
#include <vector>

namespace fanfare::bench {

struct Trend {
  double slope = 0;        // y per x
  double slope_error = 0;  // its standard error

  // Whether the slope is more than chance: twice its error away from zero.
  bool is_rising() const noexcept { return slope > 2 * slope_error; }
};

// Least squares. Fewer than three points, or all at one x: a slope of zero.
Trend trend_of(const std::vector<std::pair<double, double>>& points);

}  // namespace fanfare::bench
