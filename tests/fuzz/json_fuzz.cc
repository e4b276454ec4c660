// JSON: what the reader accepts survives compacting and escaping, and means the same afterwards.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/bytes.h"
#include "json/json_reader.h"
#include "json/json_writer.h"

namespace {

using fanfare::json::Reader;

void check_same(const Reader& a, const Reader& b) {
  FANFARE_ASSERT(a.root().kind == b.root().kind);
  FANFARE_ASSERT(a.root().text == b.root().text);
  FANFARE_ASSERT(a.fields().size() == b.fields().size());
  for (std::size_t i = 0; i < a.fields().size(); ++i) {
    FANFARE_ASSERT(a.fields()[i].key == b.fields()[i].key);
    FANFARE_ASSERT(a.fields()[i].value.text == b.fields()[i].value.text);
  }
  FANFARE_ASSERT(a.elements().size() == b.elements().size());
  for (std::size_t i = 0; i < a.elements().size(); ++i) {
    FANFARE_ASSERT(a.elements()[i].text == b.elements()[i].text);
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document = fanfare::as_text({data, size});
  Reader first;
  if (!first.parse(document).ok()) return 0;

  const std::string compacted = fanfare::json::compact(first.root().raw);
  FANFARE_ASSERT(compacted.size() <= document.size());
  Reader second;
  FANFARE_ASSERT(second.parse(compacted).ok());
  check_same(first, second);
  FANFARE_ASSERT(fanfare::json::compact(second.root().raw) == compacted);

  std::string escaped;
  fanfare::json::append_string(escaped, document);
  FANFARE_ASSERT(second.parse(escaped).ok());
  FANFARE_ASSERT(second.root().text == document);
  return 0;
}
