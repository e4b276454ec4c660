// What an application's auth endpoints answer: signatures that let one connection subscribe or sign in.
//
// Sign only for a user that you know and a channel that this user may see. Source: Pusher Channels, "Authorizing
// users", "Authenticating users", "Auth signatures".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanfare/credentials.h"
#include "fanfare/encryption.h"
#include "fanfare/limits.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

// Who joins a presence channel; the other members see it.
struct PresenceMember {
  std::string user_id{};    // 1 to 128 characters; connections with the same one are one member
  std::string user_info{};  // any JSON, at most 1,024 bytes; empty: none
};

// Who signs in with pusher-js signin().
struct UserData {
  std::string id{};                      // 1 to 128 characters
  std::string user_info{};               // any JSON, at most 1,024 bytes; empty: none
  std::vector<std::string> watchlist{};  // ids of the users whose coming and going this one is told; at most 100
};

// Lets one connection subscribe to one channel.
struct ChannelAuthorization {
  std::string auth{};                          // "<key>:<64 hexadecimal digits>"
  std::optional<std::string> channel_data{};   // JSON, exactly as it was signed
  std::optional<std::string> shared_secret{};  // base64; encrypted channels

  // The body of the endpoint's answer. Wire: {"auth":"…","channel_data":"{\"user_id\":…}","shared_secret":"…"}
  std::string to_json() const;
};

// Lets one connection sign in.
struct UserAuthentication {
  std::string auth{};       // as above
  std::string user_data{};  // JSON, exactly as it was signed

  // Wire: {"auth":"…","user_data":"{\"id\":…}"}
  std::string to_json() const;
};

// What clients send to the endpoints.
struct AuthRequest {
  std::string socket_id{};     // "123.456"
  std::string channel_name{};  // empty: a sign-in
};

// Reads the form body that clients post, "socket_id=1.2&channel_name=private-x"; other fields are let be.
// Fails: kInvalid, when there is no valid socket_id, or a channel_name that is no channel name.
Result<AuthRequest> parse_auth_request(std::string_view form_body);

// Signs with one key. Needs no Client and no network. Thread: any (immutable). The secret is kept as HMAC state only.
class Authorizer {
 public:
  // `master_key`: for encrypted channels.
  explicit Authorizer(const Credentials& credentials, std::optional<MasterKey> master_key = std::nullopt,
                      const Limits& limits = {});
  Authorizer(const Authorizer&) = default;
  Authorizer& operator=(const Authorizer&) = default;
  ~Authorizer();

  // For private and encrypted channels; and for presence channels of connections that have signed in, whose member the
  // server knows.
  // Fails: kInvalid, for a socket id or channel name that is none, a channel that needs no authorization, and an
  //        encrypted channel without a master key. So do all below.
  Result<ChannelAuthorization> authorize_channel(std::string_view socket_id, std::string_view channel) const;
  // For presence channels. Fails: kInvalid also for an id, user_info or size that breaks a limit.
  Result<ChannelAuthorization> authorize_channel(std::string_view socket_id, std::string_view channel,
                                                 const PresenceMember& member) const;
  // With channel_data of your own making, which is signed and passed on as it is. It must be valid UTF-8.
  Result<ChannelAuthorization> authorize_channel_with_data(std::string_view socket_id, std::string_view channel,
                                                           std::string_view channel_data) const;

  // For signin(). Fails: kInvalid for a socket id that is none, an id, user_info or watchlist that breaks a limit.
  Result<UserAuthentication> authenticate_user(std::string_view socket_id, const UserData& user) const;
  // With user_data of your own making: a JSON object whose `id` is a string; further members are let be.
  Result<UserAuthentication> authenticate_user_with_data(std::string_view socket_id, std::string_view user_data) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace fanfare::sdk
