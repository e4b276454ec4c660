// A machine's /proc and /sys, made up.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "support/temp_folder.h"

namespace fanfare::doctor {

class HostFiles {
 public:
  const std::string& root() const { return folder_.path(); }

  // `path` as on the machine: "/proc/meminfo".
  void write(std::string_view path, std::string_view text) const {
    const std::string file = std::string(path.substr(1));
    std::filesystem::create_directories(std::filesystem::path(folder_.file(file)).parent_path());
    folder_.write(file, text);
  }

 private:
  test::TempFolder folder_;
};

}  // namespace fanfare::doctor
