// What clients send: the bodies of xhr_send and jsonp_send. Source: REF 8.5, 8.8
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/json_reader.h"

namespace fanfare::sockjs {

// The messages of a body: a JSON array of strings, or one string. [] is a sign of life and nothing else. The views are
// into `reader` and last until its next parse.
// Fails: kInvalid with the texts of SockJS, "Payload expected." and "Broken JSON encoding.".
Result<std::vector<std::string_view>> parse_send_body(json::Reader& reader, std::string_view body);

// jsonp_send: the JSON is the field `d` of a form, or the body itself where the content type is another. Nothing: it is
// a form without that field, or encoded wrongly.
std::optional<std::string> payload_of_form(std::string_view body, std::string_view content_type);

}  // namespace fanfare::sockjs
