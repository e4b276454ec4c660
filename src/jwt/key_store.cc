#include "jwt/key_store.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace fanfare::jwt {
namespace {

const Logger kLog("jwt");
// RFC 7518 section 3.2 asks for as many bits as the digest has.
constexpr std::size_t kSecretBytesAdvised = 32;

Result<std::string> read_small_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::kIo, path + ": cannot be opened"};
  std::string text(KeyStore::kFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return Error{ErrorKind::kIo, path + ": cannot be read"};
  if (text.size() > KeyStore::kFileBytesMax) return invalid(path + ": larger than 1 MiB");
  return text;
}

// A PEM in a variable is often written with "\n" for its line ends.
std::string with_line_ends(std::string text) {
  for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) text.replace(at, 2, "\n");
  return text;
}

Status named(const std::string& what, const Status& status) {
  if (status.ok()) return {};
  return Error{status.error().kind, what + ": " + status.error().message};
}

}  // namespace

KeyStore::KeyStore(const JwtOptions& options, fetch::HttpClient& fetcher, Executor& loop, const Clock& clock)
    : options_(options), fetcher_(fetcher), loop_(loop), clock_(clock), self_(std::make_shared<KeyStore*>(this)) {}

KeyStore::~KeyStore() { *self_ = nullptr; }

Result<std::unique_ptr<KeyStore>> KeyStore::open(const JwtOptions& options, fetch::HttpClient& fetcher, Executor& loop,
                                                 const Clock& clock) {
  auto store = std::unique_ptr<KeyStore>(new KeyStore(options, fetcher, loop, clock));
  if (Status status = store->load_fixed(); !status.ok()) return status.error();
  store->keys_ = store->fixed_;
  if (!options.jwks_file.empty()) {
    const Result<std::string> text = read_small_file(options.jwks_file);
    if (!text.ok()) return text.error();
    if (Status status = named(options.jwks_file, store->take(*text, true)); !status.ok()) return status.error();
    store->last_read_ = clock.monotonic();
    store->was_read_ = true;
  }
  return store;
}

Status KeyStore::load_fixed() {
  for (const std::string& name : options_.algorithms) {
    const auto algorithm = algorithm_of(name);
    if (!algorithm) {
      return invalid("algorithms: expected HS256, HS384, HS512, RS256 and ES256 only, found \"" + name.substr(0, 20) +
                     "\"");
    }
    algorithms_.push_back(*algorithm);
  }
  if (!options_.jwks_file.empty() && !options_.jwks_url.empty()) {
    return invalid("expected a key set by its file or by its URL, found both");
  }
  if (!options_.secret.empty()) {
    if (options_.secret.size() < kSecretBytesAdvised) {
      kLog.warning("the secret for tokens is short enough to be guessed", {{"bytes_advised", kSecretBytesAdvised}});
    }
    if (Status status = fixed_.add_secret(options_.secret); !status.ok()) return status;
  }
  if (!options_.public_key.empty()) {
    if (Status status = named("public key", fixed_.add_pem(with_line_ends(options_.public_key))); !status.ok())
      return status;
  }
  if (!options_.public_key_file.empty()) {
    const Result<std::string> pem = read_small_file(options_.public_key_file);
    if (!pem.ok()) return pem.error();
    if (Status status = named(options_.public_key_file, fixed_.add_pem(*pem)); !status.ok()) return status;
  }
  if (!algorithms_.empty()) fixed_.restrict_to(algorithms_);
  return {};
}

Status KeyStore::take(std::string_view jwks, bool allow_secrets) {
  KeySet keys = fixed_;
  if (Status status = keys.add_jwks(jwks, allow_secrets); !status.ok()) return status;
  if (!algorithms_.empty()) keys.restrict_to(algorithms_);
  keys_ = std::move(keys);
  return {};
}

bool KeyStore::is_configured() const noexcept { return !keys_.empty() || !options_.jwks_url.empty(); }

bool KeyStore::may_read_now() const {
  return !was_read_ || clock_.monotonic() - last_read_ >= options_.jwks_refetch_min;
}

void KeyStore::refresh_if_stale() {
  if (was_read_ && clock_.monotonic() - last_read_ < options_.jwks_refresh) return;
  if (!may_read_now()) return;
  if (!options_.jwks_file.empty()) return read_file();
  if (!options_.jwks_url.empty() && !is_fetching_) begin_fetch();
}

bool KeyStore::try_refresh(std::function<void()> done) {
  if (!options_.jwks_file.empty()) {
    if (!may_read_now()) return false;
    read_file();
    done();
    return true;
  }
  if (options_.jwks_url.empty()) return false;
  if (!is_fetching_ && !may_read_now()) return false;
  if (waiters_.size() >= kWaitersMax) return false;
  waiters_.push_back(std::move(done));
  if (!is_fetching_) begin_fetch();
  return true;
}

// A small local file, at most every jwks_refetch_min: short enough for a loop.
void KeyStore::read_file() {
  was_read_ = true;
  last_read_ = clock_.monotonic();
  const Result<std::string> text = read_small_file(options_.jwks_file);
  const Status status = text.ok() ? take(*text, true) : Status(text.error());
  if (!status.ok()) kLog.warning("the key set stays as it was", {{"reason", status.error().message}});
}

void KeyStore::begin_fetch() {
  is_fetching_ = true;
  was_read_ = true;
  last_read_ = clock_.monotonic();
  fetch::Request request{.url = options_.jwks_url, .headers = {{"Accept", "application/json"}}};
  const Status started =
      fetcher_.start(std::move(request), loop_, [self = self_](const Result<fetch::Response>& answer) {
        if (*self != nullptr) (*self)->end_fetch(answer);
      });
  if (!started.ok()) end_fetch(started.error());
}

void KeyStore::end_fetch(const Result<fetch::Response>& answer) {
  Status status;
  if (!answer.ok()) {
    status = answer.error();
  } else if (answer->status != 200) {
    status = Error{ErrorKind::kUnavailable, "HTTP status " + std::to_string(answer->status)};
  } else {
    status = take(answer->body, false);
  }
  if (!status.ok()) kLog.warning("the key set stays as it was", {{"reason", status.error().message}});
  is_fetching_ = false;
  for (const auto& waiter : std::exchange(waiters_, {})) waiter();
}

}  // namespace fanfare::jwt
