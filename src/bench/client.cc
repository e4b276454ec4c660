#include "bench/client.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bench/frame_scan.h"
#include "bench/shown_text.h"
#include "http/url.h"
#include "json/json_writer.h"
#include "net/socket_address.h"
#include "pusher/channel_auth.h"
#include "ws/frame_encoder.h"

namespace fanfare::bench {

namespace {

constexpr std::size_t kReceiveBytes = 256 * kKiB;
constexpr std::uint32_t kClientsPerSource = 20'000;  // below the kernel's range of ports for one source address

// On the loopback net each 20,000 clients get a source address of their own, or the ports would run out.
// False: the kernel refuses it.
bool bind_source(int fd, const net::SocketAddress& target, std::uint32_t index) {
  const std::uint32_t source = index / kClientsPerSource;
  if (source == 0 || target.is_ipv6() || target.ip_bytes()[0] != 127) return true;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source);
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

bool needs_signature(std::string_view channel) {
  return channel.starts_with("private-") || channel.starts_with("presence-");
}

std::string subscribe_text(const ClientContext& context, std::string_view socket_id, std::string_view channel,
                           std::string_view channel_data) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("event").string("pusher:subscribe").key("data").begin_object();
  writer.key("channel").string(channel);
  if (needs_signature(channel)) {
    const auto data = channel_data.empty() ? std::nullopt : std::optional(channel_data);
    writer.key("auth").string(pusher::sign_channel_auth(context.key, socket_id, channel, data));
    if (data.has_value()) writer.key("channel_data").string(*data);
  }
  writer.end_object().end_object();
  return text;
}

}  // namespace

ClientContext::ClientContext(PollLoop& poll_loop, const BenchTarget& bench_target, ClientHandler& client_handler)
    : loop(poll_loop), target(bench_target), handler(client_handler), key(target.key, target.secret), path("/app/") {
  http::append_percent_encoded(path, target.key);
  path += "?protocol=7&client=fanfare-bench&version=1";
}

void Client::open() {
  opened_at_ = PollLoop::now();
  state_ = State::kConnecting;
  const net::SocketAddress& address = context_.target.address;
  socket_.reset(::socket(address.native_family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_) return fail(std::string("no socket: ") + std::strerror(errno));
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (!bind_source(socket_.get(), address, index_))
    return fail(std::string("no source address: ") + std::strerror(errno));
  sockaddr_storage native;
  const socklen_t length = address.to_native(native);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&native), length) != 0 && errno != EINPROGRESS) {
    return fail(std::string("cannot connect: ") + std::strerror(errno));
  }
  context_.loop.add(socket_.get(), EPOLLOUT, *this);
}

void Client::finish_connect() {
  int error = 0;
  socklen_t length = sizeof(error);
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return fail(std::string("cannot connect: ") + std::strerror(error));
  std::array<std::uint8_t, 16> nonce{};
  store_be64(nonce.data(), context_.random.next());
  store_be64(nonce.data() + 8, context_.random.next());
  handshake_ = std::make_unique<ws::ClientHandshake>(
      ws::ClientHandshakeRequest{.host = context_.target.host_header, .target = context_.path}, nonce);
  state_ = State::kUpgrading;
  context_.loop.change(socket_.get(), EPOLLIN, *this);
  send_bytes(handshake_->request_text());
}

void Client::on_ready(std::uint32_t events) {
  if (state_ == State::kClosed) return;
  if (state_ == State::kConnecting) return finish_connect();
  if ((events & EPOLLOUT) != 0) flush();
  if (state_ != State::kClosed && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive();
}

void Client::receive() {
  const MutableBytes buffer = context_.loop.buffer();
  const std::size_t held = received_.size();
  if (held != 0) std::memcpy(buffer.data(), received_.data(), held);
  const std::size_t room = std::min(kReceiveBytes, buffer.size() - held);
  if (room == 0) return fail("a frame of more than 4 MiB");
  const ssize_t count = ::recv(socket_.get(), buffer.data() + held, room, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return fail(count == 0 ? "the server ended the connection" : std::strerror(errno));
  const ByteView bytes = buffer.first(held + static_cast<std::size_t>(count));
  const std::size_t used = take(bytes, PollLoop::now());
  if (state_ == State::kClosed) return;
  if (used != bytes.size()) {
    received_.assign(as_text(bytes.subspan(used)));
  } else if (held != 0) {
    received_ = std::string();
  }
}

std::size_t Client::take(ByteView bytes, Nanoseconds received) {
  std::size_t used = 0;
  if (handshake_ != nullptr) {
    used = take_handshake(bytes);
    if (handshake_ != nullptr) return used;
  }
  while (state_ != State::kClosed) {
    const ScannedFrame frame = scan_frame(bytes.subspan(used));
    if (frame.outcome == ScannedFrame::Outcome::kIncomplete) break;
    if (frame.outcome == ScannedFrame::Outcome::kUnreadable) {
      fail("a frame that is fragmented, compressed or masked");
      break;
    }
    used += frame.bytes;
    on_frame(frame.opcode, frame.payload, received);
  }
  return used;
}

std::size_t Client::take_handshake(ByteView bytes) {
  std::size_t head = 0;
  if (context_.target.answers_blindly) {
    const std::size_t end = as_text(bytes).find("\r\n\r\n");
    head = end == std::string_view::npos ? 0 : end + 4;
  } else {
    const auto checked = handshake_->check_response(as_text(bytes));
    if (!checked.ok()) {
      fail(checked.error().message);
      return 0;
    }
    head = *checked;
  }
  if (head == 0) return 0;
  handshake_.reset();
  state_ = State::kEstablishing;
  return head;
}

void Client::on_frame(ws::Opcode opcode, std::string_view payload, Nanoseconds received) {
  switch (opcode) {
    case ws::Opcode::kText:
      return on_text(payload, received);
    case ws::Opcode::kPing:
      return send_frame(ws::Opcode::kPong, payload);
    case ws::Opcode::kClose: {
      std::string why = "the server closed";
      if (payload.size() >= 2) {
        why += " with " + std::to_string(load_be16(as_bytes(payload).data())) + " " + shown_text(payload.substr(2));
      }
      return fail(why);
    }
    default:
      return;
  }
}

void Client::on_text(std::string_view payload, Nanoseconds received) {
  if (state_ == State::kSubscribed) {
    if (const auto stamp = context_.finder.find(payload)) return context_.handler.on_event(*this, *stamp, received);
  }
  const auto is_about = [payload](std::string_view event) { return payload.find(event) != std::string_view::npos; };
  if (state_ == State::kSubscribing && is_about("pusher_internal:subscription_succeeded")) {
    state_ = State::kSubscribed;
    return context_.handler.on_subscribed(*this, payload);
  }
  if (is_about("pusher:ping")) return send_text(R"({"event":"pusher:pong","data":{}})");
  if (is_about("pusher:error") || is_about("subscription_error")) {
    if (state_ == State::kSubscribed) return context_.handler.on_refused(*this, payload);
    return fail("the server refused: " + shown_text(payload));
  }
  if (state_ == State::kEstablishing && is_about("pusher:connection_established")) on_greeting(payload);
}

void Client::on_greeting(std::string_view payload) {
  constexpr std::string_view kDigits = "0123456789.";
  const std::size_t name = payload.find("socket_id");
  const std::size_t begin = name == std::string_view::npos ? name : payload.find_first_of(kDigits, name);
  if (begin == std::string_view::npos) return fail("a greeting without a socket id: " + shown_text(payload));
  socket_id_ = payload.substr(begin, payload.find_first_not_of(kDigits, begin) - begin);
  state_ = State::kEstablished;
  context_.handler.on_established(*this);
}

void Client::subscribe(std::string_view channel, std::string_view channel_data) {
  if (state_ != State::kEstablished) return;
  state_ = State::kSubscribing;
  send_text(subscribe_text(context_, socket_id_, channel, channel_data));
  socket_id_ = std::string();
}

void Client::send_event(std::string_view event, std::string_view channel, std::string_view data) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("event").string(event).key("channel").string(channel).key("data").string(data).end_object();
  send_text(text);
}

void Client::send_text(std::string_view text) { send_frame(ws::Opcode::kText, text); }

void Client::send_frame(ws::Opcode opcode, std::string_view payload) {
  if (state_ == State::kClosed) return;
  std::array<std::uint8_t, 8> random{};
  store_be64(random.data(), context_.random.next());
  std::string frame;
  frame.reserve(payload.size() + 14);
  ws::append_client_frame(frame, {.opcode = opcode}, as_bytes(payload), {random[0], random[1], random[2], random[3]});
  send_bytes(frame);
}

void Client::send_bytes(std::string_view bytes) {
  if (!unsent_.empty()) {
    unsent_ += bytes;
    return;
  }
  const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(bytes.size())) return;
  if (sent < 0 && errno != EAGAIN) return;  // receive() will tell
  unsent_ = bytes.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  context_.loop.change(socket_.get(), EPOLLIN | EPOLLOUT, *this);
}

void Client::flush() {
  const ssize_t sent = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent > 0) unsent_.erase(0, static_cast<std::size_t>(sent));
  if (unsent_.empty()) context_.loop.change(socket_.get(), EPOLLIN, *this);
}

void Client::leave() {
  if (state_ == State::kClosed || state_ == State::kLeaving) return;
  send_frame(ws::Opcode::kClose, "\x03\xE8");
  state_ = State::kLeaving;
}

void Client::close() noexcept {
  state_ = State::kClosed;
  socket_.reset();
  handshake_.reset();
  received_ = std::string();
  unsent_ = std::string();
}

void Client::fail(const std::string& why) {
  close();
  context_.handler.on_closed(*this, why);
}

}  // namespace fanfare::bench
