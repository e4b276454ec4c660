#include "config/suggestion.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace fanfare::config {

namespace {

constexpr std::size_t kNameMax = 60;

// Levenshtein's distance: insertions, deletions and replacements from one to the other.
std::size_t edits_between(std::string_view a, std::string_view b) {
  if (b.size() > kNameMax) return kNameMax;
  std::array<std::size_t, kNameMax + 1> row;
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view unknown, const std::vector<std::string>& candidates) {
  if (unknown.size() > kNameMax) return {};
  const std::string* best = nullptr;
  std::size_t best_edits = std::max<std::size_t>(2, unknown.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = edits_between(unknown, candidate);
    if (edits >= best_edits) continue;
    best = &candidate;
    best_edits = edits;
  }
  return best == nullptr ? std::string() : ", did you mean \"" + *best + "\"?";
}

std::string printable(std::string_view name) {
  std::string text;
  for (const char letter : name.substr(0, kNameMax)) {
    const auto byte = static_cast<unsigned char>(letter);
    text += byte < 0x20 || byte == 0x7F ? '?' : letter;
  }
  if (name.size() > kNameMax) text += "…";
  return text;
}

}  // namespace fanfare::config
