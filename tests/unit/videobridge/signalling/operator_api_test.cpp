#include "videobridge/signalling/operator_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "operator_support.h"

namespace cloister::videobridge::signalling {
namespace {

using testing::HasSubstr;

class OperatorApiTest : public testing::Test {
protected:
  net::HttpResponse ask(const std::string& method, const std::string& target, const std::string& body = {},
                        net::HttpHeaders headers = {}) {
    return api.answer({.method = method, .target = target, .headers = std::move(headers), .body = body});
  }

  TwoShards shards;
  FakeBridge bridge;
  OperatorApi api{shards.statistics, bridge};
};

// Checklist: 20
TEST_F(OperatorApiTest, HealthIsTheStatusAlone) {
  EXPECT_EQ(ask("GET", "/about/health").status, 200U);
  EXPECT_TRUE(ask("GET", "/about/health").body.empty());
  EXPECT_EQ(ask("HEAD", "/about/health").status, 200U);
  bridge.now.healthy = false;
  EXPECT_EQ(ask("GET", "/about/health").status, 500U);
  EXPECT_THAT(ask("GET", "/about/health").body, HasSubstr("does not answer"));
}

// Checklist: 21
TEST_F(OperatorApiTest, VersionNamesProgramVersionAndSystem) {
  const auto version = boost::json::parse(ask("GET", "/about/version").body).as_object();
  EXPECT_EQ(version.at("name"), "cloister-bridge");
  EXPECT_EQ(version.at("version"), CLOISTER_VERSION);
  EXPECT_EQ(version.at("os"), "Linux");
}

// Checklist: 24
TEST_F(OperatorApiTest, DrainIsAskedForAndSwitched) {
  EXPECT_EQ(ask("GET", "/colibri/drain").body, R"({"drain":false})");
  EXPECT_EQ(ask("POST", "/colibri/drain/enable").status, 200U);
  EXPECT_EQ(ask("GET", "/colibri/drain").body, R"({"drain":true})");
  EXPECT_EQ(ask("POST", "/colibri/drain/disable").status, 200U);
  EXPECT_FALSE(bridge.now.drain);
  EXPECT_EQ(ask("GET", "/colibri/drain/enable").status, 405U);
}

// Checklist: 25
TEST_F(OperatorApiTest, ShutdownIsThereOnlyWhereAllowed) {
  const std::string graceful = R"({"graceful-shutdown":true})";
  EXPECT_EQ(ask("POST", "/colibri/shutdown", graceful).status, 404U);
  bridge.shutdown_allowed = true;
  for (const char* nonsense : {"", "{", "[]", "{}", R"({"graceful-shutdown":"yes"})"})
    EXPECT_EQ(ask("POST", "/colibri/shutdown", nonsense).status, 400U) << nonsense;
  EXPECT_TRUE(bridge.shutdowns.empty());
  EXPECT_EQ(ask("POST", "/colibri/shutdown", graceful).status, 200U);
  EXPECT_EQ(ask("POST", "/colibri/shutdown", R"({"graceful-shutdown":false})").status, 200U);
  EXPECT_EQ(bridge.shutdowns, (std::vector{Shutdown::graceful, Shutdown::now}));
}

TEST_F(OperatorApiTest, AWebPageInABrowserOnThisMachineChangesNothing) {
  bridge.shutdown_allowed = true;
  const net::HttpHeaders page{
      {"origin", "https://elsewhere.example"}
  };
  EXPECT_EQ(ask("POST", "/colibri/drain/enable", "", page).status, 403U);
  EXPECT_EQ(ask("POST", "/colibri/shutdown", R"({"graceful-shutdown":false})", page).status, 403U);
  EXPECT_FALSE(bridge.now.drain);
  EXPECT_TRUE(bridge.shutdowns.empty());
}

TEST_F(OperatorApiTest, NothingElseIsThere) {
  for (const char* path : {"/", "/debug", "/colibri/v2/conferences", "/about/health/more", "/colibri-ws/x"})
    EXPECT_EQ(ask("GET", path).status, 404U) << path;
  EXPECT_EQ(ask("DELETE", "/colibri/stats").status, 405U);
}

// Checklist: 23
TEST_F(OperatorApiTest, MetricsComeInTheFormatThatIsAskedFor) {
  const auto type = [](const net::HttpResponse& response) { return response.headers.at(0).second; };
  EXPECT_THAT(type(ask("GET", "/metrics")), HasSubstr("text/plain; version=0.0.4"));
  const auto open = ask("GET", "/metrics", "",
                        {
                            {"accept", "application/openmetrics-text;version=1.0.0"}
  });
  EXPECT_THAT(type(open), HasSubstr("application/openmetrics-text"));
  EXPECT_TRUE(open.body.ends_with("# EOF\n"));
}

}  // namespace
}  // namespace cloister::videobridge::signalling
