#include "bench/trend.h"

#include <cmath>

namespace fanfare::bench {

Trend trend_of(const std::vector<std::pair<double, double>>& points) {
  const auto count = static_cast<double>(points.size());
  if (points.size() < 3) return {};
  double mean_x = 0;
  double mean_y = 0;
  for (const auto& [x, y] : points) {
    mean_x += x / count;
    mean_y += y / count;
  }
  double xx = 0;
  double xy = 0;
  for (const auto& [x, y] : points) {
    xx += (x - mean_x) * (x - mean_x);
    xy += (x - mean_x) * (y - mean_y);
  }
  if (xx == 0) return {};
  const double slope = xy / xx;
  double residue = 0;
  for (const auto& [x, y] : points) {
    const double off = y - mean_y - slope * (x - mean_x);
    residue += off * off;
  }
  return {.slope = slope, .slope_error = std::sqrt(residue / (count - 2) / xx)};
}

}  // namespace fanfare::bench
