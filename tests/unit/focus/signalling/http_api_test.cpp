#include "focus/signalling/http_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloister::focus::signalling {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;
using xmpp::ErrorCondition;

struct Office : HttpApi::Port {
  void request(const xmpp::ConferenceRequest& request,
               std::function<void(Conferences::Answer)> done) override {
    room = request.room;
    done(answer);
  }
  std::string problem() const override { return what_is_wrong; }
  std::string metrics() const override { return "a_total 1\n"; }
  std::string stats() const override { return "{}"; }

  std::optional<xmpp::Jid> room;
  Conferences::Answer answer = xmpp::ConferenceAnswer{.ready = true};
  std::string what_is_wrong;
};

class HttpApiTest : public testing::Test {
protected:
  net::HttpResponse ask(std::string method, std::string target, std::string body = {}) {
    net::HttpResponse got{.status = 0};
    api.on_request(
        {.method = std::move(method), .target = std::move(target), .headers = {}, .body = std::move(body)},
        net::HttpResponder([&got](net::HttpResponse response) { got = std::move(response); }));
    return got;
  }
  net::HttpResponse refused(xmpp::StanzaError error) {
    office.answer = fail(std::move(error));
    return ask("POST", "/conference-request/v1", "{}");
  }
  Office office;
  HttpApi api{office};
};

// Focus checklist: 34
TEST_F(HttpApiTest, AConferenceRequest) {
  const auto response = ask("POST", "/conference-request/v1?room=x", R"({"room":"r@conference.d"})");
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.body, HasSubstr(R"("ready":true)"));
  EXPECT_EQ(office.room, xmpp::Jid::parse("r@conference.d"));
  EXPECT_THAT(response.headers, Contains(Pair("Content-Type", "application/json")));
}

// Focus checklist: 36
TEST_F(HttpApiTest, ErrorsAsTheClientReadsThem) {
  EXPECT_EQ(refused({.condition = ErrorCondition::not_authorized}).status, 403U);
  for (const auto& error : {xmpp::StanzaError{.condition = ErrorCondition::not_acceptable},
                            xmpp::StanzaError{.session_invalid = true}}) {
    const auto response = refused(error);
    EXPECT_EQ(response.status, 400U);
    EXPECT_THAT(response.body, HasSubstr("400 invalid-session"));
    EXPECT_THAT(response.body, Not(StartsWith("400 invalid-session")));
  }
  const auto response = refused({.condition = ErrorCondition::bad_request});
  EXPECT_EQ(response.status, 400U);
  EXPECT_THAT(response.body, Not(HasSubstr("invalid-session")));
}

// Focus checklist: 37
TEST_F(HttpApiTest, ThePreflightIsAnswered) {
  const auto response = ask("OPTIONS", "/conference-request/v1");
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.headers, Contains(Pair("Access-Control-Allow-Headers", HasSubstr("Content-Type"))));
}

// Focus checklist: 185
TEST_F(HttpApiTest, HealthSaysWhatIsWrong) {
  EXPECT_EQ(ask("GET", "/about/health").status, 200U);
  office.what_is_wrong = "no operational bridge";
  const auto response = ask("GET", "/about/health");
  EXPECT_EQ(response.status, 503U);
  EXPECT_THAT(response.body, HasSubstr("no operational bridge"));
}

// Focus checklist: 186, 187
TEST_F(HttpApiTest, VersionAndTotals) {
  EXPECT_THAT(ask("GET", "/about/version").body, HasSubstr(R"("name":"cloister-focus")"));
  EXPECT_EQ(ask("GET", "/metrics").body, "a_total 1\n");
  EXPECT_EQ(ask("GET", "/stats").body, "{}");
}

TEST_F(HttpApiTest, NothingElse) {
  EXPECT_EQ(ask("GET", "/").status, 404U);
  EXPECT_EQ(ask("GET", "/debug").status, 404U);
  EXPECT_EQ(ask("POST", "/metrics").status, 405U);
  EXPECT_EQ(ask("GET", "/conference-request/v1").status, 405U);
  EXPECT_EQ(ask("POST", "/conference-request/v1", "not json").status, 400U);
}

}  // namespace
}  // namespace cloister::focus::signalling
