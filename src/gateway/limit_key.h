// What limits by address count by.
#pragma once

#include <string>
#include <string_view>

namespace fanfare::gateway {

// An IPv4 address, or the /64 of an IPv6 one, of which a client has many addresses.
std::string limit_key_of(std::string_view address);

}  // namespace fanfare::gateway
