// The configuration file: whatever it holds, it is read or refused with places; what is read is in its ranges.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/bytes.h"
#include "config/document.h"
#include "config/file_reader.h"
#include "config/settings.h"
#include "config/validate.h"
#include "config/value_text.h"

namespace {

using fanfare::config::Assembly;

template <typename Target>
void check_ranges(const fanfare::config::Setting<Target>& setting, const Target& target) {
  const fanfare::config::Value value = setting.read(target);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    FANFARE_ASSERT(*integer >= setting.info.min && *integer <= setting.info.max);
  }
  FANFARE_ASSERT(!fanfare::config::toml_text(setting.info, value).empty());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fanfare::as_text({data, size});
  Assembly assembly;
  const auto document = fanfare::config::parse_document(text, "f", assembly.faults);
  fanfare::config::read_document(document, "f", assembly);
  fanfare::config::validate(assembly);
  for (const auto& setting : fanfare::config::config_settings()) check_ranges(setting, assembly.config);
  for (const auto& draft : assembly.apps) {
    for (const auto& setting : fanfare::config::app_settings()) {
      if (setting.info.key != "id") check_ranges(setting, draft.app);
    }
  }
  if (!assembly.faults.empty()) FANFARE_ASSERT(!assembly.faults.error().message.empty());
  return 0;
}
