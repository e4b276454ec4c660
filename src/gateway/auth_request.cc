#include "gateway/auth_request.h"

#include "http/query.h"
#include "http/request.h"
#include "json/json_reader.h"
#include "pusher/socket_id.h"

namespace fanfare::gateway {
namespace {

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return http::equals_ignoring_case(type.substr(0, type.find_last_not_of(" \t") + 1), "application/json");
}

Result<std::string> member(const json::Reader& reader, std::string_view name) {
  const json::Value* value = reader.find(name);
  if (value == nullptr || value->is_null()) return std::string();
  if (!value->is_string()) {
    return invalid(std::string(name) + ": expected a string, found " + std::string(json::describe(value->kind)));
  }
  return std::string(value->text);
}

Result<AuthRequest> read_json(std::string_view body) {
  json::Reader reader;
  if (Status status = reader.parse_object(body); !status.ok()) return status.error();
  auto socket_id = member(reader, "socket_id");
  if (!socket_id.ok()) return socket_id.error();
  auto channel = member(reader, "channel_name");
  if (!channel.ok()) return channel.error();
  return AuthRequest{.socket_id = *std::move(socket_id), .channel_name = *std::move(channel)};
}

}  // namespace

Result<AuthRequest> parse_auth_request(std::string_view content_type, std::string_view body) {
  AuthRequest request;
  if (is_json(content_type)) {
    auto read = read_json(body);
    if (!read.ok()) return read;
    request = *std::move(read);
  } else {
    request.socket_id = http::query_parameter(body, "socket_id").value_or(std::string());
    request.channel_name = http::query_parameter(body, "channel_name").value_or(std::string());
  }
  if (request.socket_id.empty()) return invalid("socket_id is missing");
  if (!pusher::is_valid_socket_id(request.socket_id)) {
    return invalid("socket_id is not digits, a dot and digits");
  }
  return request;
}

}  // namespace fanfare::gateway
