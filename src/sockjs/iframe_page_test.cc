#include "sockjs/iframe_page.h"

#include <gtest/gtest.h>

namespace fanfare::sockjs {
namespace {

TEST(IframePageTest, OnlyListedScriptsRun) {
  const std::vector<std::string> allowed{"https://cdn.example.com/js/", "/assets/sockjs.js"};
  EXPECT_TRUE(is_allowed_script(allowed, "https://cdn.example.com/js/8.6.0/sockjs.min.js"));
  EXPECT_TRUE(is_allowed_script(allowed, "/assets/sockjs.js"));
  for (const char* url : {"", "https://cdn.example.com/", "https://cdn.example.com.evil.example/js/x.js",
                          "http://cdn.example.com/js/x.js", "https://cdn.example.com/js/../x.js",
                          "https://cdn.example.com/js/%2e%2e/x.js", "/assets/sockjs.js?x", "//cdn.example.com/js/x.js",
                          "javascript:alert(1)", "https://cdn.example.com/js/\"onload=\"",
                          "https://cdn.example.com/js/a b", "https://cdn.example.com/js/<x>", "assets/sockjs.js"}) {
    EXPECT_FALSE(is_allowed_script(allowed, url)) << url;
  }
  EXPECT_FALSE(is_allowed_script({}, "/assets/sockjs.js"));
  EXPECT_FALSE(is_allowed_script({""}, "/assets/sockjs.js"));
}

TEST(IframePageTest, ThePageLoadsTheScriptAndStartsIt) {
  const std::string page = iframe_page("/assets/sockjs.js");
  EXPECT_NE(page.find("<script src=\"/assets/sockjs.js\"></script>"), std::string::npos);
  EXPECT_LT(page.find("SockJS.bootstrap_iframe()"), page.find("/assets/sockjs.js"));
}

TEST(IframePageTest, TheTagChangesWithThePage) {
  EXPECT_EQ(entity_tag_of("a"), entity_tag_of("a"));
  EXPECT_NE(entity_tag_of("a"), entity_tag_of("b"));
  EXPECT_EQ(entity_tag_of("a").front(), '"');
  EXPECT_EQ(entity_tag_of("a").back(), '"');
}

}  // namespace
}  // namespace fanfare::sockjs
