// tls.certificates: one table for each further certificate.
#include <algorithm>

#include "config/file_reader.h"
#include "config/suggestion.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

using tls::CertificateFiles;

constexpr std::size_t kCertificatesMax = 10'000;
constexpr std::int64_t kPathMax = 4'096;

constexpr SettingInfo kNamesInfo{
    .table = "tls.certificates", .key = "names", .max = 1000, .kind = ValueKind::kTextList};

// A key of a certificate and its field.
struct FileKey {
  SettingInfo info;
  std::string CertificateFiles::*field;
};

constexpr SettingInfo file_info(std::string_view key) {
  return {.table = "tls.certificates", .key = key, .min = 1, .max = kPathMax, .kind = ValueKind::kText};
}

constexpr FileKey kFileKeys[] = {
    {file_info("certificate"), &CertificateFiles::certificate},
    {file_info("key"), &CertificateFiles::key},
    {file_info("ocsp_response"), &CertificateFiles::ocsp_response},
};

void take_member(const Member& member, std::string_view file, Assembly& assembly, CertificateFiles& files) {
  const auto* known = std::ranges::find_if(kFileKeys, [&](const FileKey& key) { return key.info.key == member.key; });
  const bool is_file = known != std::end(kFileKeys);
  if (!is_file && member.key != "names") {
    return assembly.faults.add(place_text(file, member.place),
                               "unknown key \"" + printable(member.key) + "\" in tls.certificates" +
                                   did_you_mean(member.key, {"certificate", "key", "ocsp_response", "names"}));
  }
  Result<Value> value = value_of_node(is_file ? known->info : kNamesInfo, member.node);
  if (!value.ok()) return assembly.faults.add(place_text(file, member.place), value.error().message);
  if (is_file) {
    files.*known->field = std::get<std::string>(*std::move(value));
  } else {
    files.names = std::get<TextList>(*std::move(value));
  }
}

}  // namespace

void read_certificates(const Member& list, std::string_view file, Assembly& assembly) {
  const auto* tables = std::get_if<Array>(&list.node.value);
  if (tables == nullptr || tables->size() > kCertificatesMax) {
    return assembly.faults.add(place_text(file, list.place),
                               "certificates: expected a list of at most " + std::to_string(kCertificatesMax) +
                                   " tables { certificate, key }, found " + std::string(kind_name(list.node)));
  }
  assembly.config.tls.more.clear();
  for (const Node& table : *tables) {
    const auto* members = std::get_if<Table>(&table.value);
    if (members == nullptr) {
      assembly.faults.add(place_text(file, table.place), "certificates: expected a table { certificate, key }, found " +
                                                             std::string(kind_name(table)));
      continue;
    }
    CertificateFiles files;
    for (const Member& member : *members) take_member(member, file, assembly, files);
    if (files.certificate.empty() || files.key.empty()) {
      assembly.faults.add(place_text(file, table.place), "certificates: expected certificate and key in each");
    }
    assembly.config.tls.more.push_back(std::move(files));
  }
  assembly.origins.insert_or_assign("tls.certificates", place_text(file, list.place));
}

}  // namespace fanfare::config
