// [access]: the roles, and one table for each rule.
#include <algorithm>

#include "config/file_reader.h"
#include "config/suggestion.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

using access::RuleText;

constexpr std::int64_t kGrantBytesMax = 500;

constexpr SettingInfo kRolesInfo{
    .table = "access", .key = "roles", .max = access::kRolesMax, .kind = ValueKind::kTextList};
constexpr SettingInfo kServiceRolesInfo{
    .table = "access", .key = "service_roles", .max = access::kRolesMax, .kind = ValueKind::kTextList};

// A key of a rule and its field.
struct RuleKey {
  SettingInfo info;
  std::string RuleText::*field;
};

constexpr SettingInfo rule_info(std::string_view key, std::int64_t min) {
  return {.table = "access.rules", .key = key, .min = min, .max = kGrantBytesMax, .kind = ValueKind::kText};
}

constexpr RuleKey kRuleKeys[] = {
    {rule_info("channel", 1), &RuleText::channel},
    {rule_info("subscribe", 0), &RuleText::subscribe},
    {rule_info("trigger", 0), &RuleText::trigger},
    {rule_info("client_events", 0), &RuleText::client_events},
};

class AccessReader {
 public:
  AccessReader(std::string_view file, Assembly& assembly) : file_(file), assembly_(assembly) {}

  void read(const Member& section) {
    const auto* members = std::get_if<Table>(&section.node.value);
    if (members == nullptr) {
      return fault(section.place, "access: expected a table, found " + std::string(kind_name(section.node)));
    }
    assembly_.origins.insert_or_assign("access", place_text(file_, section.place));
    access::AccessOptions& options = assembly_.config.access;
    for (const Member& member : *members) {
      if (member.key == "roles") {
        take_list(member, kRolesInfo, options.roles);
      } else if (member.key == "service_roles") {
        take_list(member, kServiceRolesInfo, options.service_roles);
      } else if (member.key == "rules") {
        read_rules(member, options.rules);
      } else {
        refuse(member, "[access]", {"roles", "service_roles", "rules"});
      }
    }
  }

 private:
  void fault(Place place, std::string message) { assembly_.faults.add(place_text(file_, place), std::move(message)); }

  void refuse(const Member& member, std::string_view table, const std::vector<std::string>& known) {
    fault(member.place,
          "unknown key \"" + printable(member.key) + "\" in " + std::string(table) + did_you_mean(member.key, known));
  }

  void take_list(const Member& member, const SettingInfo& info, std::vector<std::string>& target) {
    Result<Value> value = value_of_node(info, member.node);
    if (!value.ok()) return fault(member.place, value.error().message);
    target = std::get<TextList>(*std::move(value));
    note_origin(member);
  }

  void read_rules(const Member& member, std::vector<RuleText>& rules) {
    const auto* tables = std::get_if<Array>(&member.node.value);
    if (tables == nullptr) {
      return fault(member.place, "rules: expected [[access.rules]] (an array of tables), found " +
                                     std::string(kind_name(member.node)));
    }
    rules.clear();
    for (const Node& table : *tables) read_rule(table, rules);
    note_origin(member);
  }

  void read_rule(const Node& table, std::vector<RuleText>& rules) {
    const auto* members = std::get_if<Table>(&table.value);
    if (members == nullptr) {
      return fault(table.place, "rules: expected a table, found " + std::string(kind_name(table)));
    }
    RuleText rule;
    for (const Member& member : *members) {
      const auto* known =
          std::ranges::find_if(kRuleKeys, [&](const RuleKey& key) { return key.info.key == member.key; });
      if (known == std::end(kRuleKeys)) {
        refuse(member, "[[access.rules]]", {"channel", "subscribe", "trigger", "client_events"});
        continue;
      }
      Result<Value> value = value_of_node(known->info, member.node);
      if (value.ok()) {
        rule.*known->field = std::get<std::string>(*std::move(value));
      } else {
        fault(member.place, value.error().message);
      }
    }
    rules.push_back(std::move(rule));
  }

  void note_origin(const Member& member) {
    assembly_.origins.insert_or_assign("access." + member.key, place_text(file_, member.place));
  }

  std::string_view file_;
  Assembly& assembly_;
};

}  // namespace

void read_access(const Member& section, std::string_view file, Assembly& assembly) {
  AccessReader(file, assembly).read(section);
}

}  // namespace fanfare::config
