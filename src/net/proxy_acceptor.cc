#include "net/proxy_acceptor.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "net/proxy_header.h"

namespace fanfare::net {

namespace {

const Logger kLog("net");

}  // namespace

ProxyHandshake::ProxyHandshake(ProxyAcceptor& owner, std::unique_ptr<Stream> stream)
    : owner_(owner), stream_(std::move(stream)) {
  stream_->set_handler(*this);
  owner_.loop_.schedule(timer_, owner_.header_timeout_);
}

void ProxyHandshake::on_bytes(MutableBytes bytes) {
  if (is_over_ || stream_ == nullptr) return;
  const std::size_t before = begun_.size();
  if (before > 0) begun_ += as_text(bytes.first(std::min(bytes.size(), kProxyHeaderBytesMax)));
  const ProxyHeader header = parse_proxy_header(before > 0 ? as_bytes(begun_) : ByteView(bytes));
  if (header.outcome == ProxyHeader::Outcome::kIncomplete) {
    if (before == 0) begun_ = as_text(bytes);
    return;
  }
  if (header.outcome == ProxyHeader::Outcome::kInvalid) {
    owner_.stats_.invalid.add();
    kLog.debug("no PROXY header from a trusted proxy", {{"address", stream_->peer_address().ip_text()}});
    return abort();
  }
  owner_.stats_.headers.add();
  timer_.cancel();
  if (header.client.is_valid()) stream_->set_peer_address(header.client);
  owner_.next_.on_accepted(std::move(stream_), bytes.subspan(header.size - before));
  owner_.pending_.remove(*this);
}

void ProxyHandshake::on_timeout() {
  owner_.stats_.timeouts.add();
  abort();
}

void ProxyHandshake::abort() {
  is_over_ = true;
  timer_.cancel();
  stream_->abort();
}

void ProxyHandshake::on_closed(CloseReason) {
  if (stream_ == nullptr) return;  // handed on, and refused there
  if (!std::exchange(is_over_, true)) owner_.stats_.timeouts.add();
  owner_.pending_.remove(*this);
}

ProxyAcceptor::ProxyAcceptor(EventLoop& loop, const TrustedProxies& trusted, std::chrono::milliseconds header_timeout,
                             std::size_t pending_max, ProxyStats& stats, AcceptHandler& next)
    : loop_(loop),
      trusted_(trusted),
      header_timeout_(header_timeout),
      pending_max_(pending_max),
      stats_(stats),
      next_(next),
      pending_(loop) {}

void ProxyAcceptor::on_accepted(std::unique_ptr<Stream> stream, MutableBytes unread) {
  if (!trusted_.contains(stream->peer_address())) return next_.on_accepted(std::move(stream), unread);
  if (pending_.size() >= pending_max_) {
    stats_.refused_at_limit.add();
    stream->abort();
    return loop_.defer([refused = std::move(stream)] {});
  }
  pending_.add(std::make_unique<ProxyHandshake>(*this, std::move(stream)));
}

void ProxyAcceptor::drain() {
  pending_.for_each([](ProxyHandshake& handshake) { handshake.abort(); });
}

}  // namespace fanfare::net
