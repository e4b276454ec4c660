// TlsEngine: the server's side of one TLS connection, without a socket: bytes in, bytes out.
//
// It belongs to no loop and can move to another one with its connection, between two calls.
// Thread: one at a time.
// Cost:   idle, about what OpenSSL keeps of a connection; its record buffers are given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "tls/tls_context.h"
#include "tls/tls_stats.h"

namespace fanfare::tls {

enum class TlsVersion : std::uint8_t { kTls12, kTls13 };

class TlsEngine {
 public:
  // The most that one record carries. Source: RFC 8446 section 5.1
  static constexpr std::size_t kRecordBytesMax = 16UL * 1024;

  // Null: OpenSSL has no memory for another connection.
  static std::unique_ptr<TlsEngine> create(std::shared_ptr<const TlsContext> context);
  ~TlsEngine();
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  // Bytes of the network for the calls that follow; only looked at, so they stay valid until input() is empty. Replaces
  // what was left of the bytes before.
  void give_input(ByteView received) noexcept { input_ = received; }
  ByteView input() const noexcept { return input_; }

  // What the calls below append to `out` goes to the network, whatever they return.
  enum class Step : std::uint8_t {
    kDone,        // shake(): established; read(): something was read
    kWantsInput,  // all of the input is used up
    kEnded,       // read(): the peer has said that nothing more will come
    kFailed,      // the connection is of no use any more; `out` has the alert
  };
  Step shake(std::string& out);
  // Why shake() failed.
  HandshakeFailure failure() const noexcept { return failure_; }

  struct ReadResult {
    Step step = Step::kWantsInput;
    std::size_t size = 0;
  };
  // REQUIRES: shake() is done, as below; `to` takes kRecordBytesMax, so that no record stays behind in OpenSSL.
  ReadResult read(MutableBytes to, std::string& out);
  // Encrypts all of `plain`. False: the connection is of no use any more.
  [[nodiscard]] bool write(ByteView plain, std::string& out);
  // Says that nothing more will come from us (close_notify).
  void end(std::string& out);

  TlsVersion version() const noexcept;
  bool is_resumed() const noexcept;
  // Whether the client has shown a certificate that one of our authorities signed.
  bool has_client_certificate() const noexcept;

 private:
  struct FreeConnection {
    void operator()(ssl_st* connection) const noexcept;
  };
  friend struct EngineBio;

  explicit TlsEngine(std::shared_ptr<const TlsContext> context);
  Step step_of(int result) noexcept;

  std::shared_ptr<const TlsContext> context_;  // OpenSSL's callbacks refer to it
  std::unique_ptr<ssl_st, FreeConnection> connection_;
  ByteView input_;
  std::string* output_ = nullptr;  // during a call
  HandshakeFailure failure_ = HandshakeFailure::kOther;
};

}  // namespace fanfare::tls
