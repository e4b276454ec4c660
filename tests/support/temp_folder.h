// TempFolder: a folder that goes with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace fanfare::test {

class TempFolder {
 public:
  TempFolder() : path_(std::filesystem::temp_directory_path() / "fanfare-test-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const noexcept { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Returns the file's path.
  std::string write(std::string_view name, std::string_view text) const {
    std::string written = file(name);
    std::ofstream(written, std::ios::binary | std::ios::trunc) << text;
    return written;
  }

 private:
  std::string path_;
};

}  // namespace fanfare::test
