#include <gtest/gtest.h>

#include "json/json_reader.h"
#include "pusher/outbound_event.h"
#include "pusher/presence_data.h"

namespace fanfare::pusher {
namespace {

using Members = std::vector<std::pair<std::string, std::string>>;  // user_id, user_info

std::string roster_of(const Members& members) {
  std::vector<PresenceText> fragments;
  for (const auto& [user_id, user_info] : members) fragments.push_back(make_presence_text(user_id, user_info));
  std::string out;
  PresenceRosterWriter writer(out, "presence-room", fragments.size());
  for (const PresenceText& member : fragments) writer.add_id(member.fragments().id_piece);
  writer.begin_hash();
  for (const PresenceText& member : fragments) writer.add_hash(member.hash_piece);
  writer.finish();
  return out;
}

TEST(PresenceEventTest, FragmentsAreEscapedForAStringInsideAString) {
  const PresenceText plain_text = make_presence_text("u7", R"({"name":"Ida"})");
  const PresenceFragments plain = plain_text.fragments();
  EXPECT_EQ(plain.id_piece, R"(\"u7\")");
  EXPECT_EQ(plain.hash_piece, R"(\"u7\":{\"name\":\"Ida\"})");
  const PresenceText odd_text = make_presence_text("a\"\\\n", "");
  const PresenceFragments odd = odd_text.fragments();
  EXPECT_EQ(odd.id_piece, R"(\"a\\\"\\\\\\n\")");
  EXPECT_EQ(odd.hash_piece, R"(\"a\\\"\\\\\\n\":null)");
}

TEST(PresenceEventTest, ARosterAsTheProtocolShowsIt) {
  EXPECT_EQ(
      roster_of({{"u7", R"({"name":"Zoë"})"}, {"u9", ""}}),
      R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"count\":2,\"ids\":[\"u7\",\"u9\"],\"hash\":{\"u7\":{\"name\":\"Zoë\"},\"u9\":null}}}","channel":"presence-room"})");
  EXPECT_EQ(
      roster_of({}),
      R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"count\":0,\"ids\":[],\"hash\":{}}}","channel":"presence-room"})");
}

TEST(PresenceEventTest, EveryUserIsReadBackByAClient) {
  Members members;
  for (int c = 0; c < 128; ++c) members.emplace_back(std::string("u") + static_cast<char>(c), "");
  members.emplace_back("Zoë€😀", R"({"a":"\"\\\n\u0000😀","b":[1.50,null]})");
  const std::string frame = roster_of(members);

  json::Reader envelope;
  ASSERT_TRUE(envelope.parse_object(frame).ok());
  json::Reader data;
  ASSERT_TRUE(data.parse_object(envelope.find("data")->text).ok());
  json::Reader presence;
  ASSERT_TRUE(presence.parse_object(data.find("presence")->raw).ok());
  EXPECT_EQ(presence.find("count")->integer(), 129);
  json::Reader ids;
  ASSERT_TRUE(ids.parse(presence.find("ids")->raw).ok());
  json::Reader hash;
  ASSERT_TRUE(hash.parse_object(presence.find("hash")->raw).ok());
  ASSERT_EQ(ids.elements().size(), members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    EXPECT_EQ(ids.elements()[i].text, members[i].first);
    const json::Value* info = hash.find(members[i].first);
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(info->raw, members[i].second.empty() ? "null" : members[i].second);
  }
}

TEST(PresenceEventTest, MembersComeAndGo) {
  std::string out;
  append_member_added(out, "presence-room", make_presence_text("u9", R"({"name":"Ida"})").fragments());
  EXPECT_EQ(
      out,
      R"({"event":"pusher_internal:member_added","data":"{\"user_id\":\"u9\",\"user_info\":{\"name\":\"Ida\"}}","channel":"presence-room"})");
  out.clear();
  append_member_added(out, "presence-room", make_presence_text("a:\"b", "").fragments());
  EXPECT_EQ(
      out,
      R"({"event":"pusher_internal:member_added","data":"{\"user_id\":\"a:\\\"b\",\"user_info\":null}","channel":"presence-room"})");
  out.clear();
  append_member_removed(out, "presence-room", "u9");
  EXPECT_EQ(out,
            R"({"event":"pusher_internal:member_removed","data":"{\"user_id\":\"u9\"}","channel":"presence-room"})");
  out.clear();
  append_member_removed(out, "presence-room", "a\"b");
  EXPECT_EQ(
      out, R"({"event":"pusher_internal:member_removed","data":"{\"user_id\":\"a\\\"b\"}","channel":"presence-room"})");
}

}  // namespace
}  // namespace fanfare::pusher
