// Credentials: a key of an app and its secret.
#pragma once

#include <string>

namespace fanfare::sdk {

// Of a key pair, which an app may have several of while they rotate.
struct Credentials {
  std::string key{};     // public: clients know it
  std::string secret{};  // signs for the app; keep it on servers
};

}  // namespace fanfare::sdk
