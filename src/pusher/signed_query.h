// The query of a signed HTTP request, as its signature sees it: decoded once, keys in lower case. Source: REF 9.2
#pragma once

#include <cstddef>
#include <cstdint>
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
  // `=` has an empty value. False: more than kParametersMax; nothing is kept then. Views stay until the next call.
  bool parse(std::string_view raw, PlusSign plus);

  // By key; equal keys in the order of the query.
  std::span<const QueryParameter> parameters() const noexcept { return parameters_; }
  // The first of that key. Null: absent.
  const QueryParameter* find(std::string_view key) const noexcept;

  // Appends k=v&k=v of all but auth_signature, not encoded: the third line of what is signed.
  void append_canonical(std::string& out) const;

 private:
  std::string_view decode(std::string_view text, PlusSign plus, bool lower_case);

  std::vector<QueryParameter> parameters_;
  std::string decoded_;
};

// Appends `text` decoded once.
void append_percent_decoded(std::string& out, std::string_view text, PlusSign plus);
// Appends `text` with everything but A-Za-z0-9-_.~ encoded. Source: RFC 3986, 2.3
void append_percent_encoded(std::string& out, std::string_view text);

}  // namespace fanfare::pusher
