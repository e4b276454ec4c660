#include "ws/permessage_deflate.h"

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

constexpr DeflateOffer kKeepsNothing{};
constexpr DeflateOffer kKeepsAll{.server_takes_over = true, .client_takes_over = true};

// What the server says; "declined": nothing.
std::string response(std::string_view extensions, const DeflateOffer& offer = kKeepsAll) {
  const auto agreed = agree_on_deflate(extensions, offer);
  return agreed ? agreed->extension : "declined";
}
DeflateAgreement agreement(std::string_view extensions, const DeflateOffer& offer = kKeepsAll) {
  const auto agreed = agree_on_deflate(extensions, offer);
  return agreed ? agreed->agreement : DeflateAgreement{false, false, 0, 0};
}

TEST(PermessageDeflateTest, ThePlainOffer) {
  EXPECT_EQ(response("permessage-deflate"), "permessage-deflate");
  EXPECT_EQ(agreement("permessage-deflate"), (DeflateAgreement{true, true, 15, 15}));
}

TEST(PermessageDeflateTest, AServerThatKeepsNothingSaysSo) {
  EXPECT_EQ(response("permessage-deflate", kKeepsNothing),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  EXPECT_EQ(agreement("permessage-deflate", kKeepsNothing), (DeflateAgreement{false, false, 15, 15}));
}

// What browsers send.
TEST(PermessageDeflateTest, AClientThatCanBeToldItsWindow) {
  const char* const offered = "permessage-deflate; client_max_window_bits";
  EXPECT_EQ(response(offered), "permessage-deflate");
  EXPECT_EQ(response(offered, kKeepsNothing),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  const DeflateOffer smaller{.client_takes_over = true, .client_window_bits = 11};
  EXPECT_EQ(response(offered, smaller), "permessage-deflate; server_no_context_takeover; client_max_window_bits=11");
  EXPECT_EQ(agreement(offered, smaller), (DeflateAgreement{false, true, 15, 11}));
}

TEST(PermessageDeflateTest, AClientThatCannotBeToldItsWindowGetsNothingKeptWhereLessIsKept) {
  const DeflateOffer smaller{.client_takes_over = true, .client_window_bits = 11};
  EXPECT_EQ(response("permessage-deflate", smaller),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  EXPECT_EQ(agreement("permessage-deflate", smaller), (DeflateAgreement{false, false, 15, 15}));
}

TEST(PermessageDeflateTest, NoContextTakeoverIsGranted) {
  EXPECT_EQ(response("permessage-deflate; server_no_context_takeover"),
            "permessage-deflate; server_no_context_takeover");
  EXPECT_EQ(response("permessage-deflate; client_no_context_takeover"),
            "permessage-deflate; client_no_context_takeover");
  EXPECT_EQ(agreement("permessage-deflate; server_no_context_takeover"), (DeflateAgreement{false, true, 15, 15}));
  EXPECT_EQ(agreement("permessage-deflate; client_no_context_takeover"), (DeflateAgreement{true, false, 15, 15}));
}

TEST(PermessageDeflateTest, TheServersWindowIsTheSmallerOfBoth) {
  for (int bits = 9; bits <= 15; ++bits) {
    const std::string text = std::to_string(bits);
    EXPECT_EQ(response("permessage-deflate; server_max_window_bits=" + text),
              "permessage-deflate; server_max_window_bits=" + text);
    EXPECT_EQ(agreement("permessage-deflate; server_max_window_bits=" + text).server_window_bits, bits);
  }
  const DeflateOffer smaller{.server_takes_over = true, .client_takes_over = true, .server_window_bits = 10};
  EXPECT_EQ(response("permessage-deflate; server_max_window_bits=12", smaller),
            "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(response("permessage-deflate", smaller), "permessage-deflate") << "not asked for, so not told";
  EXPECT_EQ(agreement("permessage-deflate", smaller).server_window_bits, 10);
}

TEST(PermessageDeflateTest, InAServersWindowOf8BitsNothingIsKept) {
  EXPECT_EQ(response("permessage-deflate; server_max_window_bits=8"),
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=8");
}

TEST(PermessageDeflateTest, TheClientsWindowIsTheSmallerOfBoth) {
  for (int bits = 8; bits <= 14; ++bits) {
    const std::string text = std::to_string(bits);
    EXPECT_EQ(response("permessage-deflate; client_max_window_bits=" + text),
              "permessage-deflate; client_max_window_bits=" + text);
  }
  EXPECT_EQ(response("permessage-deflate; client_max_window_bits=15"), "permessage-deflate");
  const DeflateOffer smaller{.server_takes_over = true, .client_takes_over = true, .client_window_bits = 10};
  EXPECT_EQ(response("permessage-deflate; client_max_window_bits=9", smaller),
            "permessage-deflate; client_max_window_bits=9");
  EXPECT_EQ(response("permessage-deflate; client_max_window_bits=12", smaller),
            "permessage-deflate; client_max_window_bits=10");
}

TEST(PermessageDeflateTest, AllParametersAtOnceInAnyOrder) {
  EXPECT_EQ(response("permessage-deflate; client_max_window_bits=11; server_no_context_takeover; "
                     "server_max_window_bits=\"12\"; client_no_context_takeover"),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12; "
            "client_max_window_bits=11");
}

TEST(PermessageDeflateTest, TheFirstOfferThatCanBeFulfilledIsTaken) {
  EXPECT_EQ(response("permessage-deflate; server_max_window_bits=10, permessage-deflate"),
            "permessage-deflate; server_max_window_bits=10");
  EXPECT_EQ(response("permessage-deflate; server_max_window_bits=7, x-webkit-deflate-frame, "
                     "permessage-deflate; unknown, permessage-deflate; client_no_context_takeover"),
            "permessage-deflate; client_no_context_takeover");
}

TEST(PermessageDeflateTest, OffersThatTheRfcDoesNotKnowAreDeclined) {
  for (const char* parameters :
       {"server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
        "server_max_window_bits=+9", "server_max_window_bits=1e1", "server_max_window_bits=100",
        "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=010",
        "client_max_window_bits=abc", "server_no_context_takeover=1", "client_no_context_takeover=true", "unknown",
        "Server_no_context_takeover", "server_no_context_takeover; server_no_context_takeover",
        "server_max_window_bits=10; server_max_window_bits=10", "client_max_window_bits; client_max_window_bits=12"}) {
    EXPECT_EQ(response(std::string("permessage-deflate; ") + parameters), "declined") << parameters;
    EXPECT_EQ(response(std::string("permessage-deflate; ") + parameters + ", permessage-deflate"), "permessage-deflate")
        << parameters;
  }
}

TEST(PermessageDeflateTest, OtherExtensionsAndBrokenValuesAreNoOffer) {
  for (const char* value :
       {"", "x-webkit-deflate-frame", "permessage-bzip2", "permessage-deflate;", "permessage-deflate,;",
        "Permessage-Deflate2", "permessage-deflate; server_max_window_bits=\"10"}) {
    EXPECT_EQ(response(value), "declined") << value;
  }
}

}  // namespace
}  // namespace fanfare::ws
