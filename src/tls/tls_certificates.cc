#include "tls/tls_certificates.h"

#include <algorithm>
#include <utility>

#include <pthread.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/startup_error.h"

namespace fanfare::tls {

namespace {

const Logger kLog("tls");

constexpr std::chrono::hours kExpiryWarning{7 * 24};

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) text += (i == 0 ? "" : " ") + names[i];
  return names.size() > kShown ? text + " …" : text;
}

void log_facts(const TlsContext& context, WallTime now) {
  const std::int64_t now_s = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  for (const CertificateFacts& facts : context.certificates()) {
    const std::int64_t left_h = (facts.not_after_unix_s - now_s) / 3600;
    kLog.info("certificate", {{"file", facts.file}, {"names", joined(facts.names)}, {"hours_left", left_h}});
    if (left_h <= 0) {
      kLog.error("a certificate has expired: clients will refuse it", {{"file", facts.file}});
    } else if (left_h < kExpiryWarning.count()) {
      kLog.warning("a certificate expires soon", {{"file", facts.file}, {"hours_left", left_h}});
    }
    if (!facts.ocsp_problem.empty()) kLog.warning("no OCSP response is stapled", {{"why", facts.ocsp_problem}});
  }
}

std::int64_t nanoseconds_of(const timespec& time) { return time.tv_sec * 1'000'000'000L + time.tv_nsec; }

}  // namespace

TlsCertificates::TlsCertificates(TlsOptions options, std::string dev_folder, const Clock& clock)
    : dev_folder_(std::move(dev_folder)),
      clock_(clock),
      options_(std::move(options)),
      stamps_(stamps_of(options_)),
      tickets_since_(clock.monotonic()) {
  auto loaded = load(options_, tickets_);
  if (!loaded.ok()) throw StartupError("[tls] " + loaded.error().message);
  context_ = *std::move(loaded);
  log_facts(*context_, clock_.wall());
}

TlsCertificates::~TlsCertificates() { stop(); }

void TlsCertificates::start(Replace replace) {
  replace_ = std::move(replace);
  thread_ = std::thread([this] { watch(); });
}

void TlsCertificates::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void TlsCertificates::watch() {
  ::pthread_setname_np(::pthread_self(), "fanfare-tls");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto interval = options_.reload_interval;
    stop_.wait_for(lock, interval.count() == 0 ? std::chrono::seconds(kTicketRotation) : interval);
    if (stopping_) return;
    lock.unlock();
    check();
    lock.lock();
  }
}

void TlsCertificates::check() {
  const std::lock_guard lock(mutex_);
  const bool rotates = clock_.monotonic() - tickets_since_ >= kTicketRotation;
  if (!rotates && (options_.reload_interval.count() == 0 || stamps_of(options_) == stamps_)) return;
  try_load(options_);
}

void TlsCertificates::reload(const TlsOptions& options) {
  const std::lock_guard lock(mutex_);
  try_load(options);
}

void TlsCertificates::try_load(const TlsOptions& options) {
  const bool rotates = clock_.monotonic() - tickets_since_ >= kTicketRotation;
  TicketKeys tickets = rotates ? tickets_.rotated() : tickets_;
  // The stamps first: what changes while it is being read is looked at again.
  std::vector<Stamp> stamps = stamps_of(options);
  // A ticket says that the client's certificate was good; under other authorities it may not be.
  if (!options.client_ca.empty() && stamps != stamps_) tickets = TicketKeys::random();
  stamps_ = std::move(stamps);
  auto loaded = load(options, tickets);
  if (!loaded.ok()) {
    failures_.add();
    return kLog.error("the certificates in force are kept: the new ones are no good",
                      {{"why", loaded.error().message}});
  }
  options_ = options;
  if (rotates) tickets_since_ = clock_.monotonic();
  tickets_ = tickets;
  take(*std::move(loaded));
}

void TlsCertificates::take(std::shared_ptr<const TlsContext> context) {
  context_ = std::move(context);
  reloads_.add();
  log_facts(*context_, clock_.wall());
  if (replace_) replace_(context_);
}

Result<std::shared_ptr<const TlsContext>> TlsCertificates::load(const TlsOptions& options, const TicketKeys& tickets) {
  if (!options.dev) return TlsContext::load(options, tickets, clock_.wall());
  Result<DevCertificate> dev = dev_certificate(dev_folder_, clock_.wall());
  if (!dev.ok()) return std::move(dev).error();
  TlsOptions with_dev = options;
  with_dev.more.push_back(dev->files);
  if (!dev_) dev_ = *std::move(dev);
  return TlsContext::load(with_dev, tickets, clock_.wall());
}

std::shared_ptr<const TlsContext> TlsCertificates::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

TlsCertificates::Stamp TlsCertificates::stamp_of(const std::string& file) {
  struct stat facts {};
  if (file.empty() || ::stat(file.c_str(), &facts) != 0) return {};
  return {.device = facts.st_dev,
          .inode = facts.st_ino,
          .size = facts.st_size,
          .modified_ns = nanoseconds_of(facts.st_mtim),
          .changed_ns = nanoseconds_of(facts.st_ctim)};
}

std::vector<TlsCertificates::Stamp> TlsCertificates::stamps_of(const TlsOptions& options) {
  std::vector<Stamp> stamps;
  for (const CertificateFiles& files : options.certificates()) {
    for (const std::string* file : {&files.certificate, &files.key, &files.ocsp_response}) {
      stamps.push_back(stamp_of(*file));
    }
  }
  stamps.push_back(stamp_of(options.client_ca));
  return stamps;
}

}  // namespace fanfare::tls
