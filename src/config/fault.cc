#include "config/fault.h"

#include <utility>

namespace fanfare::config {

void Faults::add(std::string place, std::string message) {
  if (faults_.size() == kFaultsMax) {
    ++more_;
    return;
  }
  faults_.push_back({std::move(place), std::move(message)});
}

Error Faults::error() const {
  std::string text;
  for (const Fault& fault : faults_) {
    if (!text.empty()) text += '\n';
    text += fault.place + ": " + fault.message;
  }
  if (more_ > 0) text += "\nand " + std::to_string(more_) + " more";
  return invalid(std::move(text));
}

}  // namespace fanfare::config
