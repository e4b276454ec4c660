#include "cli/listen_connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/random.h"
#include "net/connect.h"

namespace fanfare::cli {

namespace {

constexpr std::size_t kBufferBytes = 64 * kKiB;
constexpr std::size_t kHeadBytesMax = 16 * kKiB;
constexpr std::uint32_t kMessageBytesMax = 64 * kMiB;  // rosters of presence channels grow with their members
constexpr int kSocketTimeoutS = 10;

std::array<std::uint8_t, 16> make_nonce() {
  std::array<std::uint8_t, 16> nonce{};
  store_be64(nonce.data(), secure_random_u64());
  store_be64(nonce.data() + 8, secure_random_u64());
  return nonce;
}

ws::MaskingKey make_masking_key() {
  const std::uint64_t random = secure_random_u64();
  return {static_cast<std::uint8_t>(random), static_cast<std::uint8_t>(random >> 8U),
          static_cast<std::uint8_t>(random >> 16U), static_cast<std::uint8_t>(random >> 24U)};
}

// Sending and receiving of the blocking socket give up after this.
void set_timeouts(int socket) {
  const timeval limit{.tv_sec = kSocketTimeoutS, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

// connect(2) says "Connection refused", which does not say what to do.
Error connect_error(Error error, const Target& target) {
  if (error.message.find(std::strerror(ECONNREFUSED)) == std::string::npos) return error;
  return {ErrorKind::kUnavailable, "nothing listens on " + target.address()};
}

}  // namespace

ListenConnection::ListenConnection(net::UniqueFd socket)
    : socket_(std::move(socket)),
      assembler_(ws::Role::kClient, {.message_bytes_max = kMessageBytesMax}),
      buffer_(kBufferBytes + kSpareBytes) {}

Result<std::unique_ptr<ListenConnection>> ListenConnection::open_blocking(const Target& target,
                                                                          const std::string& request_target) {
  const Result<net::SocketAddress> address = net::SocketAddress::resolve_blocking(target.host, target.port);
  if (!address.ok()) return address.error();
  Result<net::UniqueFd> socket = net::connect_blocking(*address);
  if (!socket.ok()) return connect_error(std::move(socket).error(), target);
  std::unique_ptr<ListenConnection> connection(new ListenConnection(*std::move(socket)));
  if (Status agreed = connection->shake_hands(target, request_target); !agreed.ok()) return std::move(agreed).error();
  return connection;
}

Status ListenConnection::shake_hands(const Target& target, const std::string& request_target) {
  set_timeouts(socket_.get());
  const ws::ClientHandshake handshake({.host = target.address(), .target = request_target}, make_nonce());
  if (!send_all(handshake.request_text())) {
    return Error{ErrorKind::kUnavailable, target.address() + " broke the connection"};
  }
  std::string received;
  for (;;) {
    const ssize_t count = ::recv(socket_.get(), buffer_.data(), kBufferBytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error{ErrorKind::kUnavailable, "no answer from " + target.address()};
    if (count == 0)
      return Error{ErrorKind::kUnavailable, target.address() + " closed the connection without an answer"};
    received += as_text(ByteView(buffer_).first(static_cast<std::size_t>(count)));
    const Result<std::size_t> head_bytes = handshake.check_response(received);
    if (!head_bytes.ok()) return head_bytes.error();
    if (*head_bytes != 0) {
      early_ = received.substr(*head_bytes);
      return {};
    }
    if (received.size() > kHeadBytesMax) return invalid(target.address() + " is no WebSocket server");
  }
}

ListenConnection::Wake ListenConnection::wait_until(MonotonicTime deadline, const StopSignal& stop) {
  if (!early_.empty()) {
    std::string early = std::exchange(early_, {});
    return feed({reinterpret_cast<std::uint8_t*>(early.data()), early.size()}, 0);
  }
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd waiting[] = {{.fd = stop.fd(), .events = POLLIN, .revents = 0},
                      {.fd = socket_.get(), .events = POLLIN, .revents = 0}};
  const int ready = ::poll(waiting, 2, static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000)));
  if (ready < 0) return Wake::kTimeUp;  // interrupted: the caller looks at the time and comes back
  if (waiting[0].revents != 0) return Wake::kStopped;
  if (waiting[1].revents != 0) return receive();
  return Wake::kTimeUp;
}

ListenConnection::Wake ListenConnection::receive() {
  const ssize_t count = ::recv(socket_.get(), buffer_.data(), kBufferBytes, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Wake::kReceived;
  if (count <= 0) return Wake::kEnded;
  return feed(MutableBytes(buffer_).first(static_cast<std::size_t>(count)), kSpareBytes);
}

ListenConnection::Wake ListenConnection::feed(MutableBytes bytes, std::size_t spare) {
  return assembler_.feed(bytes, spare, *this) == ws::FeedOutcome::kGoesOn ? Wake::kReceived : Wake::kEnded;
}

bool ListenConnection::on_message(const ws::Message& message) {
  if (message.is_text) messages_.emplace_back(as_text(message.bytes));  // the protocol has no binary ones
  return true;
}

bool ListenConnection::on_ping(ByteView payload) { return send_frame(ws::Opcode::kPong, payload); }
bool ListenConnection::on_pong(ByteView) { return true; }

void ListenConnection::on_close(ws::CloseCode code, std::string_view reason) {
  ending_ = {ws::number(code), std::string(reason)};
  const std::string payload = ws::close_payload(code, {});
  send_frame(ws::Opcode::kClose, as_bytes(payload));
}

void ListenConnection::on_protocol_error(ws::CloseCode code, std::string_view reason) {
  ending_ = {0, "the server broke the WebSocket protocol: " + std::string(reason)};
  const std::string payload = ws::close_payload(code, {});
  send_frame(ws::Opcode::kClose, as_bytes(payload));
}

bool ListenConnection::send_text_blocking(std::string_view text) {
  return send_frame(ws::Opcode::kText, as_bytes(text));
}

void ListenConnection::close() {
  const std::string payload = ws::close_payload(ws::CloseCode::kNormal, {});
  send_frame(ws::Opcode::kClose, as_bytes(payload));
  socket_.reset();
}

bool ListenConnection::send_frame(ws::Opcode opcode, ByteView payload) {
  std::string frame;
  ws::append_client_frame(frame, {.opcode = opcode}, payload, make_masking_key());
  return send_all(frame);
}

bool ListenConnection::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace fanfare::cli
