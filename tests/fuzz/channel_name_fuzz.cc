// Channel names: the classifier and both validators agree with one another.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/bytes.h"
#include "pusher/channel_name.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fanfare::pusher::ChannelKind;
  const std::string_view name = fanfare::as_text({data, size});
  const fanfare::pusher::ChannelTraits traits = fanfare::pusher::channel_traits(name);
  const auto parsed = fanfare::pusher::parse_channel_name(name);
  FANFARE_ASSERT(parsed.ok() == fanfare::pusher::is_valid_channel_name(name));
  if (parsed.ok()) {
    FANFARE_ASSERT(*parsed == traits);
    FANFARE_ASSERT((name[0] == '#') == (traits.kind == ChannelKind::kServerToUser));
  } else {
    FANFARE_ASSERT(parsed.error().message.size() < 1024);
  }
  return 0;
}
