// The check of a request's signature and digest, as the load generator makes them: what they take, without a parser.
#pragma once

#include <string_view>

#include "crypto/hmac.h"

namespace fanfare::floor {

// Thread: any.
class SignatureCheck {
 public:
  explicit SignatureCheck(std::string_view secret) noexcept : key_(secret) {}

  // Whether a whole request is signed with the secret and its body has the digest that was signed. Its query has to be
  // sorted, written without percent signs, and to end with body_md5 and auth_signature.
  bool holds(std::string_view request) const noexcept;

 private:
  crypto::HmacKey key_;
};

}  // namespace fanfare::floor
