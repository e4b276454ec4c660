// The query of a signed HTTP request, as its signature sees it: decoded once, keys in lower case. Source: REF 9.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fanfare::pusher {

// Form decoding reads `+` as a space; some SDKs mean it literally.
enum class PlusSign : std::uint8_t { kIsSpace, kIsPlus };

struct QueryParameter {
  std::string_view key;  // lower case
  std::string_view value;
};

// Keep one per thread: its buffers are reused.
class SignedQuery {
 public:
  static constexpr std::size_t kParametersMax = 256;

  // Decodes `raw`, what stands behind the `?`. A `%` that no two digits follow stands for itself; a parameter without
  // `=` has an empty value. False: more than kParametersMax; nothing is kept then. Views stay until the next call, and
  // as long as `raw` does.
  bool parse(std::string_view raw, PlusSign plus);

  // All but auth_signature, by key; equal keys in the order of the query.
  std::span<const QueryParameter> parameters() const noexcept { return parameters_; }
  // The first of that key. Null: absent.
  const QueryParameter* find(std::string_view key) const noexcept;
  // The value of the first auth_signature, which signs all the others. Nothing: absent.
  std::optional<std::string_view> signature() const noexcept { return signature_; }
  // Whether there are parameters that belongs_to_signature() does not claim.
  bool asks_for_more() const noexcept;

  // Appends k=v&k=v of parameters(), not encoded: the third line of what is signed.
  void append_canonical(std::string& out) const;

 private:
  std::string_view decode(std::string_view text, PlusSign plus, bool lower_case);
  bool add(std::string_view key, std::string_view value);

  std::vector<QueryParameter> parameters_;
  std::optional<std::string_view> signature_;
  std::string decoded_;
  // What append_canonical() gives, where it stands in the query as it is: all keys in order, nothing encoded.
  std::optional<std::string_view> canonical_;
};

// auth_* and body_md5, in any case: not for the handlers of a request. Source: REF 9.2
bool belongs_to_signature(std::string_view key) noexcept;

// Appends `text` decoded once.
void append_percent_decoded(std::string& out, std::string_view text, PlusSign plus);
// Appends `text` with everything but A-Za-z0-9-_.~ encoded. Source: RFC 3986, 2.3
void append_percent_encoded(std::string& out, std::string_view text);

}  // namespace fanfare::pusher
