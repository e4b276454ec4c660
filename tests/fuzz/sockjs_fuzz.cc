// HTTP fallbacks: session paths, callbacks and scripts of any bytes, bodies of any bytes, and messages that come back
// out of every dialect whole.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "json/json_reader.h"
#include "sockjs/dialect.h"
#include "sockjs/iframe_page.h"
#include "sockjs/lines.h"
#include "sockjs/send_body.h"
#include "sockjs/session_url.h"

namespace {

using namespace fanfare;

void check_path(std::string_view text) {
  const std::string path = "/" + std::string(text);
  const sockjs::SessionUrl url = sockjs::parse_session_url(path);
  if (url.resource != sockjs::Resource::kSession) return;
  FANFARE_ASSERT(url.session.size() <= sockjs::kSessionNameBytesMax);
  FANFARE_ASSERT(path.starts_with(std::string("/").append(url.session) + "/"));
  FANFARE_ASSERT(url.app_path.empty() || url.app_path.starts_with("/app/"));
  FANFARE_ASSERT(path.starts_with(url.app_path));
}

void check_script(std::string_view text) {
  if (!sockjs::is_allowed_script({"https://cdn.example/js/"}, text)) return;
  FANFARE_ASSERT(text.starts_with("https://cdn.example/js/"));
  FANFARE_ASSERT(text.find_first_of("\"<>'& ") == std::string_view::npos);
}

// The messages of a body leave as lines, and those say the same.
void check_round_trip(const std::vector<std::string_view>& messages) {
  sockjs::LinesBuilder builder;
  std::vector<std::string> expected;
  for (const std::string_view message : messages) {
    builder.message(message);
    expected.emplace_back(message);
  }
  if (expected.empty()) return;
  const sockjs::Lines lines = builder.take();
  FANFARE_ASSERT(lines.count == expected.size());
  FANFARE_ASSERT(lines.utf16_units <= lines.size());

  json::Reader reader;
  std::size_t next = 0;
  for (std::string_view rest = lines.text(); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    FANFARE_ASSERT(end != std::string_view::npos && end > 1 && rest.front() == 'a');
    FANFARE_ASSERT(reader.parse(rest.substr(1, end - 1)).ok() && reader.elements().size() == 1);
    FANFARE_ASSERT(reader.elements()[0].text == expected[next++]);
    rest.remove_prefix(end + 1);
  }
  FANFARE_ASSERT(next == expected.size());

  std::string script;
  sockjs::append_wrapped(script, sockjs::Dialect::kJsonp, lines.text(), "cb");
  const std::string_view literal = std::string_view(script).substr(7, script.size() - 7 - 4);
  json::Reader outer;
  FANFARE_ASSERT(outer.parse(literal).ok() && outer.root().is_string());
  FANFARE_ASSERT(outer.root().text.front() == 'a');
  FANFARE_ASSERT(reader.parse(outer.root().text.substr(1)).ok() && reader.elements().size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) FANFARE_ASSERT(reader.elements()[i].text == expected[i]);

  std::string events;
  sockjs::append_wrapped(events, sockjs::Dialect::kEventSource, lines.text(), "");
  std::string html;
  sockjs::append_wrapped(html, sockjs::Dialect::kHtmlFile, lines.text(), "");
  FANFARE_ASSERT(html.find("</script>\r\n") != std::string::npos);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_path(text);
  check_script(text);
  (void)sockjs::is_callback(text);
  json::Reader reader;
  if (const auto messages = sockjs::parse_send_body(reader, text); messages.ok()) check_round_trip(*messages);
  const auto payload = sockjs::payload_of_form(text, "application/x-www-form-urlencoded");
  FANFARE_ASSERT(!payload || payload->size() <= text.size());
  return 0;
}
