// The metrics page.
#pragma once

#include <string>
#include <string_view>

#include "metrics/registry.h"

namespace fanfare::metrics {

inline constexpr std::string_view kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

// Everything that `registry` reads now. Wire: Prometheus text format 0.0.4, families in the order of their names.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
std::string prometheus_text(const Registry& registry);

}  // namespace fanfare::metrics
