// What a client sends: never a crash, errors of bounded size, and a client event that splices into a valid frame.
#include <cstdint>
#include <string>
#include <variant>

#include "base/assert.h"
#include "base/bytes.h"
#include "json/json_reader.h"
#include "pusher/inbound_event.h"
#include "pusher/outbound_event.h"
#include "pusher/presence_data.h"
#include "pusher/user_auth.h"

namespace {

using fanfare::json::Reader;

void check_client_event(const fanfare::pusher::ClientEvent& event) {
  std::string token;
  fanfare::pusher::append_data_token(token, event.data);
  std::string frame;
  fanfare::pusher::append_client_event(frame, event.event_token, "private-x", token, R"("u7")");
  Reader reader;
  FANFARE_ASSERT(reader.parse_object(frame).ok());
  FANFARE_ASSERT(reader.find("event")->text == event.event);
  FANFARE_ASSERT(reader.find("data")->text == event.data.text);
}

void check_channel_data(std::string_view channel_data) {
  const auto member = fanfare::pusher::parse_presence_data(channel_data);
  if (!member.ok()) return;
  std::string frame;
  const auto text = fanfare::pusher::make_presence_text(member->user_id, member->user_info);
  fanfare::pusher::append_member_added(frame, "presence-x", text.fragments());
  Reader envelope;
  FANFARE_ASSERT(envelope.parse_object(frame).ok());
  Reader data;
  FANFARE_ASSERT(data.parse_object(envelope.find("data")->text).ok());
  FANFARE_ASSERT(data.find("user_id")->text == member->user_id);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fanfare::pusher;
  const auto event = decode_inbound_event(fanfare::as_text({data, size}));
  if (!event.ok()) {
    FANFARE_ASSERT(!event.error().message.empty() && event.error().message.size() < 4096);
    return 0;
  }
  if (const auto* client_event = std::get_if<ClientEvent>(&*event)) check_client_event(*client_event);
  if (const auto* subscribe = std::get_if<SubscribeCommand>(&*event)) {
    if (subscribe->channel_data) check_channel_data(*subscribe->channel_data);
  }
  if (const auto* signin = std::get_if<SigninCommand>(&*event)) {
    const auto user = parse_user_data(signin->user_data);
    FANFARE_ASSERT(!user.ok() || (!user->id.empty() && user->watchlist.size() <= 100));
  }
  return 0;
}
