#include "pusher/request_signature.h"

#include <array>
#include <charconv>
#include <ctime>

#include "crypto/digest.h"
#include "crypto/hex.h"
#include "json/json_writer.h"
#include "pusher/quote.h"
#include "pusher/signed_query.h"

namespace fanfare::pusher {
namespace {

// A canonical string is as long as the request's first line; what an error repeats of it is bounded.
constexpr std::size_t kShownBytesMax = 4096;
// The last second of the year 9999: beyond it the form of a time has no place for the year.
constexpr std::int64_t kUnixSecondsMax = 253'402'300'799;

Error unauthorized(std::string message) { return {ErrorKind::kUnauthorized, std::move(message)}; }

// `text` between quotes, line ends and other control characters visible.
std::string quoted(std::string_view text, std::size_t bytes_max = 256) {
  std::string out;
  json::append_string(out, shortened(text, bytes_max));
  return out;
}

std::string format_time(std::int64_t unix_s) {
  const std::time_t seconds = unix_s;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::optional<std::int64_t> parse_unix_seconds(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || value < 0 || value > kUnixSecondsMax) {
    return std::nullopt;
  }
  return value;
}

Result<const AppKey*> check_key(const AppKeys& keys, const SignedQuery& query) {
  const QueryParameter* auth_key = query.find("auth_key");
  if (auth_key == nullptr || auth_key->value.empty()) {
    return unauthorized(
        "Authentication key required: expected the query parameters auth_key, auth_timestamp, auth_version=1.0, "
        "auth_signature and, with a body, body_md5; found no auth_key");
  }
  const AppKey* key = keys.find(auth_key->value);
  if (key == nullptr) {
    return invalid("Unknown auth_key: " + quoted(auth_key->value) +
                   " is not a key of this app; check that app id and key belong together");
  }
  if (!key->enabled) return invalid("Unknown auth_key: " + quoted(auth_key->value) + " is disabled; use another key");
  return key;
}

Status check_version(const SignedQuery& query) {
  const QueryParameter* version = query.find("auth_version");
  if (version == nullptr || version->value.empty()) {
    return unauthorized("Version required: expected the query parameter auth_version=1.0, found none");
  }
  if (version->value == "1.0") return {};
  return unauthorized("Version not supported: expected auth_version=1.0, found " + quoted(version->value));
}

Status check_timestamp(const SignedQuery& query, std::int64_t now_unix_s, std::chrono::seconds skew_max) {
  const QueryParameter* timestamp = query.find("auth_timestamp");
  if (timestamp == nullptr || timestamp->value.empty()) {
    return unauthorized(
        "Timestamp required: expected the query parameter auth_timestamp in seconds since 1970, found none");
  }
  const auto given = parse_unix_seconds(timestamp->value);
  if (!given) {
    return unauthorized("Timestamp required: expected auth_timestamp in seconds since 1970, found " +
                        quoted(timestamp->value));
  }
  const std::int64_t ahead = *given - now_unix_s;
  if (ahead < skew_max.count() && -ahead < skew_max.count()) return {};
  return unauthorized("Timestamp expired: Given timestamp (" + format_time(*given) + ") not within " +
                      std::to_string(skew_max.count()) + "s of server time (" + format_time(now_unix_s) + "): it is " +
                      std::to_string(ahead < 0 ? -ahead : ahead) + "s " + (ahead < 0 ? "behind" : "ahead") +
                      "; check the clocks, and that auth_timestamp is in seconds");
}

// The signed string is put together here; a thread's requests reuse it.
thread_local std::string canonical;

void put_together(const RequestToVerify& request, std::string_view path, const SignedQuery& query) {
  canonical = request.method;
  canonical += '\n';
  canonical += path;
  canonical += '\n';
  query.append_canonical(canonical);
}

bool signs(const AppKey& key, const RequestToVerify& request, std::string_view path, const SignedQuery& query,
           const crypto::Sha256Digest& signature) {
  put_together(request, path, query);
  return crypto::constant_time_equal(key.hmac.digest(canonical), signature);
}

// Some clients sign the path before it is encoded, and some the query with its `+` unencoded. Source: REF 9.2
bool signs_in_any_reading(const AppKey& key, const RequestToVerify& request, const SignedQuery& query,
                          const crypto::Sha256Digest& signature) {
  if (signs(key, request, request.path, query, signature)) return true;
  std::string decoded_path;
  append_percent_decoded(decoded_path, request.path, PlusSign::kIsPlus);
  const bool path_differs = decoded_path != request.path;
  if (path_differs && signs(key, request, decoded_path, query, signature)) return true;
  if (request.query.find('+') == std::string_view::npos) return false;
  SignedQuery literal;
  literal.parse(request.query, PlusSign::kIsPlus);
  return signs(key, request, request.path, literal, signature) ||
         (path_differs && signs(key, request, decoded_path, literal, signature));
}

Status check_signature(const AppKey& key, const RequestToVerify& request, const SignedQuery& query) {
  const std::string_view sent = query.signature().value_or(std::string_view{});
  crypto::Sha256Digest signature;
  const bool is_digest = crypto::read_hex(sent, signature);
  if (is_digest && signs_in_any_reading(key, request, query, signature)) return {};
  put_together(request, request.path, query);  // the plain reading is the one to show
  std::string text = "Invalid signature: you should have sent HmacSHA256Hex(" + quoted(canonical, kShownBytesMax) +
                     ", your_secret_key), but you sent " + quoted(sent);
  if (!query.signature()) {
    text += "; the query parameter auth_signature is missing";
  } else if (!is_digest) {
    text += "; a signature is 64 hexadecimal digits, this ";
    text += sent.size() == 64 ? "has other characters" : "is " + std::to_string(sent.size()) + " characters";
  } else {
    text += "; if your client signed the same string, its secret is not that of auth_key " + quoted(key.key);
  }
  return unauthorized(std::move(text));
}

Status check_body(const RequestToVerify& request, const SignedQuery& query) {
  const QueryParameter* sent = query.find("body_md5");
  if (sent == nullptr && request.body.empty()) return {};
  const crypto::Md5Digest expected = crypto::md5(request.body);
  crypto::Md5Digest digest;
  if (sent != nullptr && crypto::read_hex(sent->value, digest) && digest == expected) return {};
  const std::string found = sent == nullptr ? "none" : quoted(sent->value);
  return unauthorized("Invalid body_md5: expected \"" + crypto::to_hex(expected) + "\", the MD5 of the " +
                      std::to_string(request.body.size()) + " bytes received as the body, found " + found +
                      "; sign exactly the bytes that you send");
}

}  // namespace

Result<Signer> verify_request(const AppKeys& keys, const RequestToVerify& request, std::int64_t now_unix_s,
                              std::chrono::seconds skew_max) {
  thread_local SignedQuery query;
  if (!query.parse(request.query, PlusSign::kIsSpace)) {
    return invalid("Too many query parameters: at most " + std::to_string(SignedQuery::kParametersMax) +
                   " are allowed");
  }
  const Result<const AppKey*> key = check_key(keys, query);
  if (!key.ok()) return key.error();
  if (Status status = check_version(query); !status.ok()) return std::move(status).error();
  if (Status status = check_timestamp(query, now_unix_s, skew_max); !status.ok()) return std::move(status).error();
  if (Status status = check_signature(**key, request, query); !status.ok()) return std::move(status).error();
  if (Status status = check_body(request, query); !status.ok()) return std::move(status).error();
  return Signer{*key, query.asks_for_more()};
}

std::optional<std::string> auth_key_of(std::string_view query) {
  SignedQuery parsed;
  if (!parsed.parse(query, PlusSign::kIsSpace)) return std::nullopt;
  const QueryParameter* key = parsed.find("auth_key");
  if (key == nullptr) return std::nullopt;
  return std::string(key->value);
}

std::string sign_request(const AppKey& key, const RequestToSign& request, std::int64_t now_unix_s) {
  std::string query;
  const auto add = [&query](std::string_view name, std::string_view value) {
    if (!query.empty()) query.push_back('&');
    append_percent_encoded(query, name);
    query.push_back('=');
    append_percent_encoded(query, value);
  };
  for (const auto& [name, value] : request.parameters) add(name, value);
  add("auth_key", key.key);
  add("auth_timestamp", std::to_string(now_unix_s));
  add("auth_version", "1.0");
  if (!request.body.empty()) add("body_md5", crypto::to_hex(crypto::md5(request.body)));

  SignedQuery parsed;
  parsed.parse(query, PlusSign::kIsSpace);
  std::string text;
  text.append(request.method).append("\n").append(request.path).append("\n");
  parsed.append_canonical(text);
  add("auth_signature", key.hmac.hex(text).view());
  return query;
}

}  // namespace fanfare::pusher
