// What a publish asks for, read from body and query and checked against the app's limits. Source: REF 9.3, 9.4
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/channel_info.h"
#include "api/query_parameters.h"
#include "base/result.h"
#include "core/app.h"
#include "core/connection_ref.h"
#include "core/home.h"
#include "json/json_reader.h"

namespace fanfare::api {

// One event for one or more channels. Views live until the parser's next call, and as long as query and body do.
struct PublishRequest {
  core::EventTokens event;
  std::vector<std::string_view> channels;  // valid, each once
  core::ConnectionRef except;              // nobody: all get it
  ChannelInfo info;
};

// Thread: one; keeps its buffers, so that a parse allocates little once they have grown.
// Parameters in the query are deprecated, but documented: a body's member of the same name wins. Source: REF 9.1
class PublishParser {
 public:
  // POST /events
  // Fails: kInvalid (400), kTooLarge (413), with the hosted service's wording where it is known.
  Result<const PublishRequest*> parse_event(const json::Input& body, const QueryParameters& query,
                                            const core::App& app);
  // POST /batch_events: all events or none.
  Result<const std::vector<PublishRequest>*> parse_batch(const json::Input& body, const core::App& app);
  // POST /channels/{name}/events (deprecated): the body is the data, not JSON. REF 9.5
  Result<const PublishRequest*> parse_legacy(std::string_view channel, std::string_view data,
                                             const QueryParameters& query, const core::App& app);

 private:
  // What must outlive the views of one event.
  struct Event {
    std::string name_token;
    std::string data_token;
    PublishRequest request;
  };
  enum class Shape : std::uint8_t { kSingle, kInBatch };

  Status read_name(Event& event, const json::Value* member, const std::string* parameter, const core::App& app);
  Status read_data(Event& event, const json::Value* member, const std::string* parameter, const core::App& app);
  Status read_channels(Event& event, const json::Value& object, const QueryParameters& query, Shape shape,
                       const core::App& app);
  Status add_channel(PublishRequest& request, std::string_view channel, const core::App& app);
  Status read_rest(Event& event, const json::Value& object, const QueryParameters& query, const core::App& app);
  // `object`: the event's, of body_.
  Status read_event(Event& event, const json::Value& object, const QueryParameters& query, Shape shape,
                    const core::App& app);

  json::Reader body_;
  Event single_;
  std::vector<std::unique_ptr<Event>> events_;
  std::vector<PublishRequest> requests_;
};

}  // namespace fanfare::api
