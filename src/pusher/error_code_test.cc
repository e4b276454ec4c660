#include "pusher/error_code.h"

#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

TEST(ErrorCodeTest, TheTableAscendsWithoutRepetition) {
  for (std::size_t i = 1; i < error_codes().size(); ++i) {
    EXPECT_LT(number_of(error_codes()[i - 1].code), number_of(error_codes()[i].code));
  }
}

TEST(ErrorCodeTest, TextsFitACloseFrame) {
  for (const ErrorCodeInfo& row : error_codes()) {
    EXPECT_LE(row.message.size(), 123U) << row.name;
    EXPECT_FALSE(row.message.empty());
    EXPECT_FALSE(row.name.empty());
    EXPECT_EQ(&info_of(row.code), &row);
  }
}

TEST(ErrorCodeTest, ReconnectRulesFollowTheHundreds) {
  for (const ErrorCodeInfo& row : error_codes()) {
    switch (number_of(row.code) / 100) {
      case 40:
        EXPECT_EQ(row.reconnect, row.code == ErrorCode::kTlsOnly ? Reconnect::kWithTls : Reconnect::kNever);
        break;
      case 41:
        EXPECT_EQ(row.reconnect, Reconnect::kAfterBackoff);
        break;
      case 42:
        EXPECT_EQ(row.reconnect, Reconnect::kImmediately);
        break;
      default:
        EXPECT_EQ(row.reconnect, Reconnect::kStaysOpen);
    }
  }
}

TEST(ErrorCodeTest, WordsOfTheHostedService) {
  EXPECT_EQ(message_of(ErrorCode::kOverConnectionQuota), "Account over quota");
  EXPECT_EQ(message_of(ErrorCode::kReconnectImmediately), "Please reconnect immediately");
  EXPECT_EQ(message_of(ErrorCode::kUnauthorized), "Connection not authorized within timeout");
  EXPECT_EQ(message_of(ErrorCode::kClientEventRateLimit), "Client event rejected due to rate limit");
}

}  // namespace
}  // namespace fanfare::pusher
