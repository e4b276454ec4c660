// The presence part of outbound_event.h: rosters out of prepared pieces.
#include "json/json_writer.h"
#include "pusher/outbound_event.h"

namespace fanfare::pusher {

PresenceText make_presence_text(std::string_view user_id, std::string_view user_info) {
  PresenceText text;
  std::string& piece = text.hash_piece;
  piece.reserve(user_id.size() + user_info.size() + user_info.size() / 4 + 16);
  piece += R"(\")";
  json::append_escaped_twice(piece, user_id);
  piece += R"(\")";
  text.id_bytes = piece.size();
  piece.push_back(':');
  json::append_escaped(piece, user_info.empty() ? std::string_view("null") : user_info);
  return text;
}

PresenceRosterWriter::PresenceRosterWriter(std::string& out, std::string_view channel, std::size_t member_count)
    : out_(out), channel_(channel) {
  out_ += R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"count\":)";
  json::append_integer(out_, member_count);
  out_ += R"(,\"ids\":[)";
}

void PresenceRosterWriter::add_id(std::string_view id_piece) {
  if (needs_comma_) out_.push_back(',');
  out_ += id_piece;
  needs_comma_ = true;
}

void PresenceRosterWriter::begin_hash() {
  out_ += R"(],\"hash\":{)";
  needs_comma_ = false;
}

void PresenceRosterWriter::add_hash(std::string_view hash_piece) {
  if (needs_comma_) out_.push_back(',');
  out_ += hash_piece;
  needs_comma_ = true;
}

void PresenceRosterWriter::finish() {
  out_ += R"(}}}","channel":")";
  out_ += channel_;
  out_ += R"("})";
}

void append_member_added(std::string& out, std::string_view channel, const PresenceFragments& member) {
  out += R"({"event":"pusher_internal:member_added","data":"{\"user_id\":)";
  out += member.id_piece;
  out += R"(,\"user_info\":)";
  out += member.hash_piece.substr(member.id_piece.size() + 1);  // behind the colon
  out += R"(}","channel":")";
  out += channel;
  out += R"("})";
}

void append_member_removed(std::string& out, std::string_view channel, std::string_view user_id) {
  out += R"({"event":"pusher_internal:member_removed","data":"{\"user_id\":\")";
  json::append_escaped_twice(out, user_id);
  out += R"(\"}","channel":")";
  out += channel;
  out += R"("})";
}

}  // namespace fanfare::pusher
