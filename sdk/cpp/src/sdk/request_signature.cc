#include "fanfare/request_signature.h"

#include "pusher/app_keys.h"
#include "pusher/request_signature.h"

namespace fanfare::sdk {

std::string signed_query(const Credentials& credentials, const RequestToSign& request,
                         std::chrono::system_clock::time_point now) {
  const auto unix_s = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  return pusher::sign_request(pusher::AppKey(credentials.key, credentials.secret),
                              {request.method, request.path, request.parameters, request.body}, unix_s);
}

}  // namespace fanfare::sdk
