#include "signature.h"

#include <array>

#include "crypto/digest.h"
#include "crypto/hex.h"

namespace fanfare::floor {

namespace {

std::string_view before(std::string_view text, std::string_view mark) noexcept {
  return text.substr(0, text.find(mark));
}

std::string_view behind(std::string_view text, std::string_view mark) noexcept {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + mark.size());
}

}  // namespace

bool SignatureCheck::holds(std::string_view request) const noexcept {
  const std::string_view method = before(request, " ");
  const std::string_view target = before(behind(request, " "), " ");
  const std::string_view query = behind(target, "?");
  const std::string_view signed_query = before(query, "&auth_signature=");
  const crypto::HexDigest signature = key_.hex({method, "\n", before(target, "?"), "\n", signed_query});
  const crypto::Md5Digest digest = crypto::md5(behind(request, "\r\n\r\n"));
  std::array<char, 2 * digest.size()> body_md5;
  crypto::write_hex(digest, body_md5.data());
  return crypto::constant_time_equal(signature.view(), behind(query, "&auth_signature=")) &&
         crypto::constant_time_equal({body_md5.data(), body_md5.size()}, behind(signed_query, "&body_md5="));
}

}  // namespace fanfare::floor
