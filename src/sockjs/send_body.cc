#include "sockjs/send_body.h"

#include "http/query.h"
#include "http/request.h"

namespace fanfare::sockjs {

namespace {

Error broken() { return invalid("Broken JSON encoding."); }

}  // namespace

Result<std::vector<std::string_view>> parse_send_body(json::Reader& reader, std::string_view body) {
  if (body.empty()) return invalid("Payload expected.");
  if (!reader.parse(body).ok()) return broken();
  if (reader.root().is_string()) return std::vector<std::string_view>{reader.root().text};
  if (!reader.root().is_array()) return broken();
  std::vector<std::string_view> messages;
  messages.reserve(reader.elements().size());
  for (const json::Value& element : reader.elements()) {
    if (!element.is_string()) return broken();
    messages.push_back(element.text);
  }
  return messages;
}

std::optional<std::string> payload_of_form(std::string_view body, std::string_view content_type) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  const bool is_form =
      content_type.size() >= kForm.size() && http::equals_ignoring_case(content_type.substr(0, kForm.size()), kForm);
  if (!is_form) return std::string(body);
  return http::query_parameter(body, "d");
}

}  // namespace fanfare::sockjs
