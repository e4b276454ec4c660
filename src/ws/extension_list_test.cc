#include "ws/extension_list.h"

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

// "name;parameter=value;parameter|name": one spelling for each list. "malformed": it was none.
std::string parsed(std::string_view value) {
  const auto extensions = parse_extensions(value);
  if (!extensions) return "malformed";
  std::string text;
  for (const Extension& extension : *extensions) {
    text += (text.empty() ? "" : "|") + std::string(extension.name);
    for (const ExtensionParameter& parameter : extension.parameters) {
      text += ";" + std::string(parameter.name);
      if (parameter.value) text += "=" + *parameter.value;
    }
  }
  return text;
}

TEST(ExtensionListTest, ReadsExtensionsAndTheirParameters) {
  EXPECT_EQ(parsed("foo"), "foo");
  EXPECT_EQ(parsed("foo, bar; baz=2"), "foo|bar;baz=2");
  EXPECT_EQ(parsed("permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate"),
            "permessage-deflate;client_max_window_bits;server_max_window_bits=10|permessage-deflate");
  EXPECT_EQ(parsed("a;b;b=1;b=2"), "a;b;b=1;b=2");
}

TEST(ExtensionListTest, SpaceMayStandAroundSeparators) {
  EXPECT_EQ(parsed(" \t a ; b\t=\t1 ,\tc "), "a;b=1|c");
  EXPECT_EQ(parsed("a;b=1,c"), "a;b=1|c");
}

TEST(ExtensionListTest, AQuotedValueIsTheTokenInIt) {
  EXPECT_EQ(parsed(R"(a; b="10")"), "a;b=10");
  EXPECT_EQ(parsed(R"(a; b="1\0")"), "a;b=10");
  EXPECT_EQ(parsed(R"(a; b="10" , c)"), "a;b=10|c");
}

TEST(ExtensionListTest, EmptyMembersArePassedOver) {
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed(" "), "");
  EXPECT_EQ(parsed(",, a ,,b,"), "a|b");
}

TEST(ExtensionListTest, WhatIsNotTheGrammarIsMalformed) {
  for (const char* value : {";",         "a;",       "a;;b",         "a; =1",         "a; b=",       "a; b=;c",
                            "a b",       "a; b c",   "a; b=1 2",     "a=1",           "\"a\"",       "a; \"b\"",
                            "a; b=\"\"", "a; b=\"1", "a; b=\"1 2\"", "a; b=\"1\\",    "a; b=\"1\"2", "a; b=\"\\\"\"",
                            "a/b",       "a; b=(1)", "a\x7F",        "a; b=\xC3\xA9", "a,;b",        "a; b=1=2"}) {
    EXPECT_EQ(parsed(value), "malformed") << value;
  }
}

}  // namespace
}  // namespace fanfare::ws
