#include "sdk/settings.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "sdk/conversion.h"
#include "sdk/text.h"

namespace fanfare::sdk {
namespace {

constexpr std::string_view kHostedDomains[] = {"pusher.com", "pusherapp.com"};
constexpr std::string_view kDefaultCluster = "mt1";

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(),
                     [others](char c) { return is_alphanumeric(c) || others.find(c) != std::string_view::npos; });
}

bool is_plain_text(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

class Faults {
 public:
  void expect(bool holds, std::string_view fault) {
    if (!holds) faults_.emplace_back(fault);
  }
  bool none() const noexcept { return faults_.empty(); }
  std::string text() const {
    std::string all;
    for (const std::string& fault : faults_) all += (all.empty() ? "" : "; ") + fault;
    return all;
  }

 private:
  std::vector<std::string> faults_;
};

void check_identity(const Options& options, Faults& faults) {
  // Where publishing is switched off there may well be nobody to publish as.
  const auto expect_given = [&options, &faults](const std::string& field, const char* name) {
    faults.expect(!field.empty() || !options.enabled, std::string(name) + " is missing");
  };
  expect_given(options.app_id, "app_id (PUSHER_APP_ID)");
  expect_given(options.key, "key (PUSHER_KEY)");
  expect_given(options.secret, "secret (PUSHER_SECRET)");
  faults.expect(is_plain_text(options.app_id) && options.app_id.find('/') == std::string::npos,
                "app_id: expected text without '/' and control characters");
  faults.expect(is_plain_text(options.key) && options.key.find(':') == std::string::npos,
                "key: expected text without ':' and control characters");
  for (const Credentials& pair : options.webhook_keys) {
    faults.expect(!pair.key.empty() && !pair.secret.empty(), "webhook_keys: each needs a key and a secret");
  }
}

void check_address(const Options& options, Faults& faults) {
  faults.expect(options.host.find("://") == std::string::npos, "host (PUSHER_HOST): expected no scheme, set use_tls");
  faults.expect(options.host.find("://") != std::string::npos || consists_of(options.host, ".-_:[]"),
                "host (PUSHER_HOST): expected a name or address, without path or user");
  faults.expect(consists_of(options.cluster, "-"), "cluster (PUSHER_CLUSTER): expected letters, digits and '-'");
  faults.expect(!options.port || *options.port != 0, "port: expected 1 to 65535");
}

void check_bounds(const Options& options, Faults& faults) {
  const auto zero = std::chrono::milliseconds::zero();
  faults.expect(options.connect_timeout > zero, "connect_timeout: expected more than 0");
  faults.expect(options.request_timeout > zero, "request_timeout: expected more than 0");
  faults.expect(options.total_timeout > zero, "total_timeout: expected more than 0");
  faults.expect(options.retry.attempts_max >= 1, "retry.attempts_max: expected at least 1");
  faults.expect(options.retry.delay_min >= zero && options.retry.delay_max >= options.retry.delay_min,
                "retry: expected 0 <= delay_min <= delay_max");
  faults.expect(options.connections_max >= 1, "connections_max: expected at least 1");
  faults.expect(options.pending_requests_max >= 1, "pending_requests_max: expected at least 1");
  faults.expect(options.answer_bytes_max >= 1, "answer_bytes_max: expected at least 1");
}

std::string host_of(const Options& options) {
  if (!options.host.empty()) return options.host;
  return "api-" + (options.cluster.empty() ? std::string(kDefaultCluster) : options.cluster) + ".pusher.com";
}

std::string base_url_of(const Options& options, const std::string& host) {
  const bool needs_brackets = host.find(':') != std::string::npos && !host.starts_with('[');
  const std::uint16_t port = options.port.value_or(options.use_tls ? 443 : 80);
  return std::string(options.use_tls ? "https://" : "http://") + (needs_brackets ? "[" + host + "]" : host) + ":" +
         std::to_string(port);
}

}  // namespace

bool is_hosted_pusher(std::string_view host) {
  std::string lower(host);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return std::any_of(std::begin(kHostedDomains), std::end(kHostedDomains), [&lower](std::string_view domain) {
    return lower == domain || lower.ends_with("." + std::string(domain));
  });
}

void append_url_path(std::string& out, std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : path) {
    if (is_alphanumeric(c) || std::string_view("/-_.~!$&'()*+,;=:@").find(c) != std::string_view::npos) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 0xFU]);
  }
}

Result<Settings> check_options(Options options) {
  Faults faults;
  check_identity(options, faults);
  check_address(options, faults);
  check_bounds(options, faults);
  Settings settings;
  if (!options.encryption_master_key_base64.empty()) {
    Result<MasterKey> key = MasterKey::from_base64(options.encryption_master_key_base64);
    faults.expect(key.ok(), key.ok() ? "" : key.error().message);
    if (key.ok()) settings.master_key = *key;
  }
  if (!faults.none()) return refused("the client's options: " + faults.text());

  const std::string host = host_of(options);
  settings.base_url = base_url_of(options, host);
  settings.app_path = "/apps/" + options.app_id;
  settings.is_fanfare =
      options.server == ServerKind::kFanfare || (options.server == ServerKind::kAutomatic && !is_hosted_pusher(host));
  settings.options = std::move(options);
  return settings;
}

}  // namespace fanfare::sdk
