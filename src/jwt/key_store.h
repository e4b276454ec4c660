// KeyStore: the keys in force: those of the configuration, and those of a key set that is re-read or fetched again.
//
// Rotation: a set that is read anew replaces the former one whole; one that cannot be read leaves it in force, and is
//           said in the log. A set is read anew when it is older than jwks_refresh, and when a token names a key that
//           it does not have; never sooner than jwks_refetch_min after the last time.
// Thread: the loop behind `loop`, its construction aside. It may die while a fetch is under way.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "fetch/http_client.h"
#include "jwt/key_set.h"
#include "jwt/options.h"

namespace fanfare::jwt {

class KeyStore {
 public:
  static constexpr std::size_t kWaitersMax = 1'000;
  static constexpr std::size_t kFileBytesMax = 1'048'576;

  // Reads the keys that the configuration names; those of jwks_url are not fetched yet. Blocks for files.
  // `fetcher` is asked only where there is a jwks_url; it, `loop` and `clock` outlive the store.
  // Fails: kInvalid or kIo, naming what cannot be read, and for algorithms that are not read; never shows a secret.
  static Result<std::unique_ptr<KeyStore>> open(const JwtOptions& options, fetch::HttpClient& fetcher, Executor& loop,
                                                const Clock& clock);
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  // Until the next call of anything else.
  const KeySet& keys() const noexcept { return keys_; }
  // Whether there can be keys at all.
  bool is_configured() const noexcept;

  // Begins to read the set anew when it is old. Never waits.
  void refresh_if_stale();
  // Reads the set anew for a token whose key is not known: `done` is called once it has been tried, perhaps before
  // this returns. False: not now (there is no such set, it was read just now, or too many wait), and `done` is dropped.
  [[nodiscard]] bool try_refresh(std::function<void()> done);

 private:
  KeyStore(const JwtOptions& options, fetch::HttpClient& fetcher, Executor& loop, const Clock& clock);
  Status load_fixed();
  // Status of reading `jwks`, a document; on success it is in force.
  Status take(std::string_view jwks, bool allow_secrets);
  void read_file();
  void begin_fetch();
  void end_fetch(const Result<fetch::Response>& answer);
  bool may_read_now() const;

  JwtOptions options_;
  std::vector<Algorithm> algorithms_;
  fetch::HttpClient& fetcher_;
  Executor& loop_;
  const Clock& clock_;
  KeySet fixed_;  // of secret and PEM
  KeySet keys_;
  MonotonicTime last_read_{};
  bool was_read_ = false;
  bool is_fetching_ = false;
  std::vector<std::function<void()>> waiters_;
  std::shared_ptr<KeyStore*> self_;  // emptied when this dies
};

}  // namespace fanfare::jwt
