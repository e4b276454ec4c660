#include "sockjs/info.h"

#include "json/json_writer.h"

namespace fanfare::sockjs {

std::string info_json(const InfoFacts& facts) {
  std::string text;
  json::Writer json(text);
  json.begin_object();
  json.key("websocket").boolean(facts.has_websocket);
  json.key("origins").begin_array().string("*:*").end_array();
  json.key("cookie_needed").boolean(false);
  json.key("entropy").integer(facts.entropy);
  json.key("server_heartbeat_interval").integer(facts.heartbeat_interval.count());
  json.end_object();
  return text;
}

}  // namespace fanfare::sockjs
