// TlsCertificates: the TlsContext in force, made anew when its files or its settings change, and when it is time for
// other ticket keys. A set of files that is no good changes nothing and is told in the log.
//
// Thread: reload() and start() from the main thread; files are looked at on a thread of its own, never on a loop.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/counter.h"
#include "base/result.h"
#include "tls/dev_certificate.h"
#include "tls/options.h"
#include "tls/tls_context.h"

namespace fanfare::tls {

class TlsCertificates {
 public:
  // How long a ticket key is the current one.
  static constexpr std::chrono::hours kTicketRotation{12};

  // `dev_folder`: where the development certificate is kept, if `options.dev`. `clock` outlives this.
  // Fails: StartupError, with the file and what is wrong with it.
  TlsCertificates(TlsOptions options, std::string dev_folder, const Clock& clock);
  ~TlsCertificates();  // stops
  TlsCertificates(const TlsCertificates&) = delete;
  TlsCertificates& operator=(const TlsCertificates&) = delete;

  // `replace` is told each new context, on whichever thread made it, one at a time.
  using Replace = std::function<void(std::shared_ptr<const TlsContext>)>;
  void start(Replace replace);
  // Joins the thread. Repeating it does nothing.
  void stop();

  // Loads with other settings, or the same. The old ones stay in force where the new ones are no good.
  void reload(const TlsOptions& options);
  // Loads when a file has changed since the last look, or the ticket keys are old.
  void check();

  std::shared_ptr<const TlsContext> context() const;
  // Empty: there is none.
  const std::optional<DevCertificate>& dev() const noexcept { return dev_; }
  std::uint64_t reloads() const noexcept { return reloads_.value(); }  // Thread: any, these too
  std::uint64_t failures() const noexcept { return failures_.value(); }

 private:
  // What tells that a file is another one than before.
  struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;  // there is none
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;

    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  static Stamp stamp_of(const std::string& file);
  static std::vector<Stamp> stamps_of(const TlsOptions& options);
  Result<std::shared_ptr<const TlsContext>> load(const TlsOptions& options, const TicketKeys& tickets);
  void try_load(const TlsOptions& options);
  void take(std::shared_ptr<const TlsContext> context);
  void watch();

  const std::string dev_folder_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // of everything below; the loops do not come here
  TlsOptions options_;
  std::optional<DevCertificate> dev_;  // set by the constructor
  std::vector<Stamp> stamps_;          // at the last load, good or not
  std::shared_ptr<const TlsContext> context_;
  TicketKeys tickets_ = TicketKeys::random();
  MonotonicTime tickets_since_;
  Replace replace_;
  Counter reloads_;
  Counter failures_;
  bool stopping_ = false;
  std::condition_variable stop_;
  std::thread thread_;
};

}  // namespace fanfare::tls
