// What the tests of this module share: a folder of their own, and loading from a text.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "config/load.h"
#include "support/temp_folder.h"

namespace fanfare::config {

using test::TempFolder;

inline std::string text_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Loads from a file "f.toml" with this text, these variables and flags. Its path is cut out of messages.
class LoadTest : public testing::Test {
 protected:
  Inputs inputs(std::string_view toml, std::vector<NamedText> environment = {}, std::vector<NamedText> flags = {}) {
    environment.emplace_back("HOME", folder_.path());
    return {.file = folder_.write("f.toml", toml), .environment = std::move(environment), .flags = std::move(flags)};
  }

  Loaded must_load(const Inputs& from) {
    Result<Loaded> loaded = load(from);
    if (!loaded.ok()) {
      ADD_FAILURE() << loaded.error().message;
      return {};
    }
    return *std::move(loaded);
  }

  std::vector<std::string> faults_of(const Inputs& from) {
    const Result<Loaded> loaded = load(from);
    if (loaded.ok()) return {};
    std::vector<std::string> lines;
    std::istringstream stream(loaded.error().message);
    for (std::string line; std::getline(stream, line);) lines.push_back(without_folder(line));
    return lines;
  }

  std::string without_folder(std::string text) const {
    const std::string prefix = folder_.path() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
      text.erase(at, prefix.size());
    return text;
  }

  TempFolder folder_;
};

}  // namespace fanfare::config
