#include "tls/openssl_ptr.h"

#include <system_error>

#include <openssl/err.h>

namespace fanfare::tls {

std::string take_openssl_error() {
  const unsigned long first = ERR_get_error();  // the root; the others are what followed from it
  ERR_clear_error();
  if (first == 0) return "unknown error";
  if (ERR_SYSTEM_ERROR(first)) return std::generic_category().message(ERR_GET_REASON(first));
  const char* reason = ERR_reason_error_string(first);
  return reason == nullptr ? "unknown error" : reason;
}

}  // namespace fanfare::tls
