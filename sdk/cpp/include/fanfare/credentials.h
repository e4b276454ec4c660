// Credentials: a key of an app and its secret.
#pragma once

#include <string>

namespace fanfare::sdk {

struct Credentials {
  std::string key{};     // public: clients know it
  std::string secret{};  // signs for the app; keep it on servers
};

}  // namespace fanfare::sdk
