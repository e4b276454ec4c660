#include "cli/usage_hint.h"

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

std::string hint_for(std::vector<std::string> words) {
  CLI::App program{"", "fanfare"};
  program.require_subcommand(1);
  CLI::App* serve = program.add_subcommand("serve");
  int port = 0;
  serve->add_option("--port,-p", port);
  program.add_subcommand("config")->require_subcommand(1)->add_subcommand("check");
  std::reverse(words.begin(), words.end());
  try {
    program.parse(words);
  } catch (const CLI::ParseError&) {
    return usage_hint(program);
  }
  return "parsed";
}

TEST(UsageHintTest, NamesTheUnknownWordAndTheNearestKnownOne) {
  EXPECT_EQ(hint_for({"serv"}), R"(unknown command "serv", did you mean "serve"?)");
  EXPECT_EQ(hint_for({"config", "chekc"}), R"(unknown command "chekc", did you mean "check"?)");
  EXPECT_EQ(hint_for({"serve", "--prot", "7"}), R"(unknown flag "--prot", did you mean "--port"?)");
  EXPECT_EQ(hint_for({"serve", "--prot=7"}), R"(unknown flag "--prot", did you mean "--port"?)");
}

TEST(UsageHintTest, SuggestsNothingThatIsFarOff) {
  EXPECT_EQ(hint_for({"elephant"}), R"(unknown command "elephant")");
  EXPECT_EQ(hint_for({"serve", "elephant"}), R"(unknown argument "elephant")");
}

TEST(UsageHintTest, SaysNothingWhenEveryWordIsKnown) {
  EXPECT_EQ(hint_for({}), "");
  EXPECT_EQ(hint_for({"config"}), "");
  EXPECT_EQ(hint_for({"serve", "--port", "x"}), "");
}

}  // namespace
}  // namespace fanfare::cli
