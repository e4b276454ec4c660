#include "server/ready_file.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "base/startup_error.h"

namespace fanfare::server {

void write_ready_file(const std::string& path, const ReadyFacts& facts) {
  if (path.empty()) return;
  std::string more;
  if (facts.gateway_port) more += fmt::format(",\"gateway_port\":{}", *facts.gateway_port);
  if (facts.tls_port) more += fmt::format(",\"tls_port\":{}", *facts.tls_port);
  const std::string temporary = path + ".new";
  {
    std::ofstream file(temporary, std::ios::trunc);
    file << fmt::format("{{\"port\":{},\"metrics_port\":{},\"pid\":{}{}}}\n", facts.port, facts.metrics_port, getpid(),
                        more);
    if (!file.flush()) throw StartupError("cannot write the ready file " + path);
  }
  std::filesystem::rename(temporary, path);
}

}  // namespace fanfare::server
