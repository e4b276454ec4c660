#include "config/load.h"

#include <gmock/gmock.h>

#include "config/config_test_support.h"
#include "config/fault.h"

namespace fanfare::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST_F(LoadTest, NothingConfiguredIsTheDefaults) {
  const Loaded loaded = must_load({});
  EXPECT_EQ(loaded.config.net.host, "127.0.0.1");
  EXPECT_EQ(loaded.config.net.port, 6001);
  EXPECT_EQ(loaded.config.metrics.host, "127.0.0.1");
  EXPECT_EQ(loaded.config.metrics.port, 9601);
  EXPECT_THAT(loaded.config.apps, IsEmpty());
  EXPECT_THAT(loaded.origins, IsEmpty());
}

TEST_F(LoadTest, ReadsTheExampleOfTheManual) {
  const Loaded loaded = must_load(inputs(R"(
[server]
host = "127.0.0.1"
port = 6001
[metrics]
host = "127.0.0.1"
port = 9601
[log]
level = "info"
[[apps]]
id = "app-id"
keys = [{ key = "app-key", secret = "app-secret" }]
client_events = true
subscription_count = true
[apps.limits]
connections = 0
client_events_per_second = 10
)"));
  ASSERT_EQ(loaded.config.apps.size(), 1U);
  EXPECT_TRUE(loaded.config.apps[0].switches.client_events);
  EXPECT_TRUE(loaded.config.apps[0].switches.subscription_count);
  EXPECT_EQ(loaded.config.apps[0].limits.client_events_per_second, 10U);
}

TEST_F(LoadTest, AVariableWinsOverTheFileAndAFlagOverBoth) {
  const std::string toml = "[server]\nport = 1\nloops = 1\nhost = \"127.0.0.2\"\n";
  const Loaded loaded = must_load(inputs(toml, {{"FANFARE_PORT", "2"}, {"FANFARE_LOOPS", "2"}}, {{"port", "3"}}));
  EXPECT_EQ(loaded.config.net.port, 3);
  EXPECT_EQ(loaded.config.net.loops, 2);
  EXPECT_EQ(loaded.config.net.host, "127.0.0.2");
  EXPECT_EQ(loaded.origins.at("server.port"), "--port");
  EXPECT_EQ(loaded.origins.at("server.loops"), "FANFARE_LOOPS");
  EXPECT_EQ(without_folder(loaded.origins.at("server.host")), "f.toml:4:1");
}

TEST_F(LoadTest, TheFileMayBeNamedByAVariable) {
  const std::string path = folder_.write("other.toml", "[server]\nport = 7\n");
  const Loaded loaded = must_load({.environment = {{"FANFARE_CONFIG", path}}});
  EXPECT_EQ(loaded.config.net.port, 7);
  EXPECT_EQ(loaded.file, path);
}

TEST_F(LoadTest, AFileThatIsNotThereIsAFault) {
  const Inputs missing{.file = folder_.file("none.toml")};
  EXPECT_THAT(faults_of(missing), ElementsAre(StartsWith("none.toml: cannot be opened: No such file")));
  const Inputs a_folder{.file = folder_.path()};
  EXPECT_THAT(faults_of(a_folder), ElementsAre(HasSubstr(": cannot be read: Is a directory")));
}

TEST_F(LoadTest, AllFaultsAreReportedAtOnceWithTheirPlaces) {
  const std::string toml = R"([server]
port = 70000
prot = 3
loops = "two"
level = "info"
[sever]
[[apps]]
id = "a"
connections = 1
keys = [{ key = "k", secret = "" }]
slow_consumer = "drop"
[apps.limits]
conections = 1
)";
  const auto faults = faults_of(inputs(toml, {{"FANFARE_PROT", "1"}, {"FANFARE_PORT", "x"}}, {{"loops", "-1"}}));
  EXPECT_THAT(faults,
              ElementsAre("f.toml:2:1: port: expected an integer from 0 to 65535, found 70000",
                          "f.toml:3:1: unknown key \"prot\" in [server], did you mean \"port\"?",
                          "f.toml:4:1: loops: expected an integer from 0 to 64, found a string",
                          "f.toml:5:1: unknown key \"level\" in [server], it belongs in [log]",
                          "f.toml:6:2: unknown table [sever], did you mean \"server\"?",
                          "f.toml:9:1: unknown key \"connections\" in [[apps]], it belongs in [apps.limits]",
                          "f.toml:10:22: secret: expected a string of 1 to 1024 bytes on one line, found 0 bytes",
                          "f.toml:11:1: slow_consumer: expected one of \"close\", \"drop_oldest\", found \"drop\"",
                          "f.toml:13:1: unknown key \"conections\" in [apps.limits], did you mean \"connections\"?",
                          "FANFARE_PROT: unknown variable, did you mean \"FANFARE_PORT\"?",
                          "FANFARE_PORT: expected an integer from 0 to 65535, found \"x\"",
                          "--loops: expected an integer from 0 to 64, found -1"));
}

TEST_F(LoadTest, ASyntaxErrorHidesNoOtherSource) {
  EXPECT_THAT(faults_of(inputs("[server]\nport = \n", {{"FANFARE_PORT", "x"}})),
              ElementsAre(StartsWith("f.toml:2:8: "), StartsWith("FANFARE_PORT: ")));
}

TEST_F(LoadTest, SectionsMustBeTables) {
  EXPECT_THAT(faults_of(inputs("server = 3\nport = 3\n")),
              ElementsAre("f.toml:1:1: server: expected a table, found an integer",
                          "f.toml:2:1: unknown key \"port\", it belongs in [server]"));
}

TEST_F(LoadTest, AnUnknownFlagIsAFault) {
  EXPECT_THAT(faults_of(inputs("", {}, {{"metric-port", "1"}})),
              ElementsAre("--metric-port: unknown flag, did you mean \"--metrics-port\"?"));
}

TEST_F(LoadTest, BooleansReadAsTextToo) {
  for (const char* text : {"true", "1"}) {
    EXPECT_TRUE(must_load(inputs("", {{"FANFARE_API_CORS", text}})).config.api.cors) << text;
  }
  EXPECT_FALSE(must_load(inputs("[server]\napi_cors = true\n", {}, {{"api-cors", "false"}})).config.api.cors);
  EXPECT_THAT(faults_of(inputs("", {{"FANFARE_API_CORS", "yes"}})),
              ElementsAre("FANFARE_API_CORS: expected true or false, found \"yes\""));
}

TEST_F(LoadTest, MarksOfAQueueMustFitEachOther) {
  EXPECT_THAT(faults_of(inputs("[server]\nsend_queue_high_mark_bytes = 2000000\n")),
              ElementsAre("f.toml:2:1: send_queue_high_mark_bytes: expected at most send_queue_bytes_max (1048576), "
                          "found 2000000"));
  EXPECT_THAT(faults_of(inputs("", {}, {{"http-send-queue-low-mark-bytes", "300000"}})),
              ElementsAre("--http-send-queue-low-mark-bytes: http_send_queue_low_mark_bytes: expected at most "
                          "http_send_queue_high_mark_bytes (262144), found 300000"));
}

TEST_F(LoadTest, TwoListenersCannotShareAPort) {
  EXPECT_THAT(faults_of(inputs("[metrics]\nport = 6001\n")),
              ElementsAre("f.toml:2:1: port: [server] and [metrics] are both at 127.0.0.1:6001"));
  EXPECT_THAT(faults_of(inputs("[metrics]\nport = 6001\nenabled = false\n")), IsEmpty());
  EXPECT_THAT(faults_of(inputs("[metrics]\nport = 0\n[server]\nport = 0\n")), IsEmpty());
}

TEST_F(LoadTest, AHugeFileIsRefused) {
  EXPECT_THAT(faults_of(inputs(std::string(5UL * 1024 * 1024, '#'))),
              ElementsAre("f.toml: expected at most 4194304 bytes"));
}

TEST(FaultsTest, AreBoundedAndSayHowManyMoreThereAre) {
  Faults faults;
  for (std::size_t i = 0; i < Faults::kFaultsMax + 2; ++i) faults.add("p", "m");
  EXPECT_EQ(faults.all().size(), Faults::kFaultsMax);
  EXPECT_THAT(faults.error().message, testing::EndsWith("\nand 2 more"));
}

}  // namespace
}  // namespace fanfare::config
