#include "cli/channel_table.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "cli/terminal_text.h"
#include "json/json_reader.h"

namespace fanfare::cli {

namespace {

using Row = std::vector<std::string>;

constexpr std::size_t kChannelsMax = 10'000'000;

std::string text_of(const json::Value& value) { return printable(value.is_string() ? value.text : value.raw); }

// Left-aligned columns, two spaces between them, a line break behind each row but the last.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    if (!text.empty()) text += '\n';
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - columns_of(row[i]) + 2, ' ');
    }
  }
  return text;
}

Error unexpected(std::string_view expected) {
  return invalid("the server's answer has no " + std::string(expected) + ": is it a Pusher Channels server?");
}

// Adds a channel's attributes to its row, and columns that are new to the heading.
void add_attributes(Row& heading, Row& row, const json::Reader& attributes) {
  for (const json::Field& field : attributes.fields()) {
    const std::string name = printable(field.key);
    const auto column = static_cast<std::size_t>(std::ranges::find(heading, name) - heading.begin());
    if (column == heading.size()) heading.push_back(name);
    if (row.size() <= column) row.resize(column + 1, "-");
    row[column] = text_of(field.value);
  }
}

std::string count_of(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

Result<std::string> channels_table(std::string_view answer) {
  json::Reader document;
  json::Reader channels;
  json::Reader attributes;
  const json::Value* listed = document.parse_object(answer).ok() ? document.find("channels") : nullptr;
  if (listed == nullptr || !channels.parse_object(listed->raw, {.members_max = kChannelsMax}).ok()) {
    return unexpected("list of channels");
  }
  if (channels.fields().empty()) return std::string("No occupied channels.");
  std::vector<Row> rows{{"CHANNEL"}};
  for (const json::Field& channel : channels.fields()) {
    Row row{printable(channel.key)};
    if (attributes.parse_object(channel.value.raw).ok()) add_attributes(rows.front(), row, attributes);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin() + 1, rows.end());
  return aligned(rows) + "\n" + count_of(rows.size() - 1, "occupied channel") + ".";
}

Result<std::string> channel_table(std::string_view channel, std::string_view answer) {
  json::Reader document;
  if (!document.parse_object(answer).ok() || document.find("occupied") == nullptr) return unexpected("\"occupied\"");
  std::vector<Row> rows{{"channel", printable(channel)}};
  for (const json::Field& field : document.fields()) rows.push_back({printable(field.key), text_of(field.value)});
  return aligned(rows);
}

Result<std::string> users_table(std::string_view channel, std::string_view answer) {
  json::Reader document;
  json::Reader users;
  json::Reader user;
  const json::Value* listed = document.parse_object(answer).ok() ? document.find("users") : nullptr;
  if (listed == nullptr || !listed->is_array() || !users.parse(listed->raw, {.members_max = kChannelsMax}).ok()) {
    return unexpected("list of users");
  }
  if (users.elements().empty()) return "No users in " + printable(channel) + ".";
  std::string text = "USER";
  for (const json::Value& element : users.elements()) {
    const json::Value* id = user.parse_object(element.raw).ok() ? user.find("id") : nullptr;
    if (id == nullptr) return unexpected("id of a user");
    text += '\n' + text_of(*id);
  }
  return text + '\n' + count_of(users.elements().size(), "user") + " in " + printable(channel) + ".";
}

}  // namespace fanfare::cli
