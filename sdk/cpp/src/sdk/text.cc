#include "sdk/text.h"

#include "json/json_reader.h"
#include "json/json_writer.h"
#include "sdk/conversion.h"

namespace fanfare::sdk {

bool is_utf8(std::string_view text) {
  // The reader validates; a document that is one string holds nothing else that could be wrong.
  std::string document;
  json::append_string(document, text);
  return json::Reader().parse(document).ok();
}

Result<std::string> compact_json(std::string_view what, std::string_view json) {
  json::Reader reader;
  if (fanfare::Status read = reader.parse(json); !read.ok()) {
    return refused(std::string(what) + ": " + read.error().message);
  }
  return json::compact(reader.root().raw);
}

}  // namespace fanfare::sdk
