// What a server said, on its way into a report: one line, of printable characters, not long. Pure.
#pragma once

#include <string>
#include <string_view>

namespace fanfare::bench {

// At most 200 bytes of `text`. Runs of control characters and spaces become a space; where it is no UTF-8 or has
// control characters beyond ASCII, whatever is not ASCII becomes a question mark.
std::string shown_text(std::string_view text);

// The status line and the body of an HTTP answer: "HTTP/1.1 401 Unauthorized: Invalid signature".
std::string shown_answer(std::string_view answer);

}  // namespace fanfare::bench
