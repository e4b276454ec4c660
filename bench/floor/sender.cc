#include "sender.h"

#include <sys/socket.h>

namespace fanfare::floor {

namespace {

class SendSender final : public Sender {
 public:
  void send_to_all(const Members& members, std::string_view bytes, const Connection* except) override {
    for (Connection* member : members) {
      if (member != except) send_or_keep(*member, bytes);
    }
  }
};

}  // namespace

std::unique_ptr<Sender> make_send_sender() { return std::make_unique<SendSender>(); }

void send_or_keep(Connection& connection, std::string_view bytes) {
  if (!connection.backlog.empty()) {
    connection.backlog += bytes;
    return;
  }
  keep_rest(connection, bytes,
            ::send(connection.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

void keep_rest(Connection& connection, std::string_view bytes, std::ptrdiff_t taken) {
  if (taken == static_cast<std::ptrdiff_t>(bytes.size())) return;
  connection.backlog += bytes.substr(taken < 0 ? 0 : static_cast<std::size_t>(taken));
}

}  // namespace fanfare::floor
