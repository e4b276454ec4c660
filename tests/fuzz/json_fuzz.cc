// JSON: what the reader accepts survives compacting and escaping, and means the same afterwards; what it keeps of a
// container below the root is what a reader of that container's token gives; and a document that is read where it lies
// is read as its copy is, whatever lies behind it.
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

constexpr std::size_t kKeptDepth = 4;

// `container`: of `all`, which kept `levels_left` levels, this one's among them.
void check_kept(const Reader& all, const fanfare::json::Value& container, std::size_t levels_left) {
  if (!container.is_container()) return;
  Reader alone;
  FANFARE_ASSERT(alone.parse(container.raw).ok());
  const std::size_t expected = levels_left == 0 ? 0 : alone.fields().size() + alone.elements().size();
  FANFARE_ASSERT(all.fields(container).size() + all.elements(container).size() == expected);
  if (levels_left == 0) return;
  for (std::size_t i = 0; i < alone.fields().size(); ++i) {
    const fanfare::json::Field& kept = all.fields(container)[i];
    FANFARE_ASSERT(kept.key == alone.fields()[i].key);
    FANFARE_ASSERT(kept.value.raw == alone.fields()[i].value.raw && kept.value.text == alone.fields()[i].value.text);
    check_kept(all, kept.value, levels_left - 1);
  }
  for (std::size_t i = 0; i < alone.elements().size(); ++i) {
    const fanfare::json::Value& kept = all.elements(container)[i];
    FANFARE_ASSERT(kept.raw == alone.elements()[i].raw && kept.text == alone.elements()[i].text);
    check_kept(all, kept, levels_left - 1);
  }
}

// `behind`: repeated, it fills the spare bytes.
void check_in_place(const Reader& copied, const fanfare::Status& read, std::string_view document,
                    std::string_view behind) {
  using fanfare::kSpareBytes;
  std::string memory(document);
  while (memory.size() < document.size() + kSpareBytes) memory += behind;
  memory.resize(document.size() + kSpareBytes);
  const std::string before = memory;
  auto* const begin = reinterpret_cast<std::uint8_t*>(memory.data());
  Reader in_place;
  const fanfare::Status status = in_place.parse(fanfare::json::Input({begin, document.size()}, kSpareBytes));
  FANFARE_ASSERT(memory == before);
  FANFARE_ASSERT(status.ok() == read.ok());
  if (!status.ok()) {
    FANFARE_ASSERT(status.error().message == read.error().message);
    return;
  }
  FANFARE_ASSERT(in_place.root().raw == copied.root().raw);
  check_same(copied, in_place);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document = fanfare::as_text({data, size});
  Reader first;
  const fanfare::Status read = first.parse(document);
  check_in_place(first, read, document, " \t");
  check_in_place(first, read, document, R"(0]}"}])");
  check_in_place(first, read, document, document.empty() ? "e" : document);
  if (!read.ok()) return 0;

  const std::string compacted = fanfare::json::compact(first.root().raw);
  FANFARE_ASSERT(compacted.size() <= document.size());
  Reader second;
  FANFARE_ASSERT(second.parse(compacted).ok());
  check_same(first, second);
  FANFARE_ASSERT(fanfare::json::compact(second.root().raw) == compacted);

  FANFARE_ASSERT(second.parse(document, {.kept_depth = kKeptDepth, .members_max = document.size() + 1}).ok());
  check_same(first, second);
  check_kept(second, second.root(), kKeptDepth);

  std::string escaped;
  fanfare::json::append_string(escaped, document);
  FANFARE_ASSERT(second.parse(escaped).ok());
  FANFARE_ASSERT(second.root().text == document);
  return 0;
}
