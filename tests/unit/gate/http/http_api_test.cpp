#include "gate/http/http_api.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/fake_clock.h"
#include "support/temporary_folder.h"

namespace cloister::gate::http {
namespace {

using secrets::Secret;

constexpr secrets::HashCost kCheap{.memory_kib = 1024, .passes = 1};
constexpr const char* kKey = "a key that the callers know";

struct Checks final : sign_in::PasswordChecks {
  bool check(std::string verifier, Secret password, std::function<void(Outcome)> done) override {
    if (full) return false;
    done(sign_in::check_password(verifier, password, kCheap));
    return true;
  }
  bool full = false;
};

struct Bans final : sign_in::BanRequests {
  void ban(const SocketAddress& source, Duration) override { asked.push_back(source); }
  std::vector<SocketAddress> asked;
};

class HttpApiTest : public testing::Test {
protected:
  HttpApiTest() {
    accounts_ = std::move(*accounts::HostAccounts::open(folder_ / "hosts.sqlite3",
                                                        secrets::SealingKey::from_bytes(as_bytes("master"))));
    EXPECT_TRUE(
        accounts_->add(accounts::HostName("anna"), *secrets::make_verifier(Secret("correct horse"), kCheap)));
    sign_in_ = std::make_unique<sign_in::SignIn>(
        sign_in::SignIn::World{.accounts = *accounts_,
                               .checks = checks_,
                               .bans = bans_,
                               .clock = clock_,
                               .time_of_day = [] { return std::chrono::system_clock::time_point(); }},
        sign_in::LimitSettings{}, sign_in::TokenSettings{},
        *secrets::make_verifier(Secret("nobody's"), kCheap));
    api_ = std::make_unique<HttpApi>(*sign_in_, Secret(kKey), 2min);
  }

  net::HttpResponse send(net::HttpRequest request) {
    std::optional<net::HttpResponse> said;
    api_->on_request(request,
                     net::HttpResponder([&said](net::HttpResponse response) { said = std::move(response); }));
    EXPECT_TRUE(said);
    return said.value_or(net::HttpResponse{});
  }
  net::HttpResponse post(std::string target, std::string body, const std::string& source = "192.0.2.1") {
    return send({
        .method = "POST",
        .target = std::move(target),
        .headers = {{"authorization", std::string("Bearer ") + kKey},
                    {"content-type", "application/json"},
                    {"x-real-ip", source}},
        .body = std::move(body)
    });
  }
  static std::string question(std::string_view password, std::string_view more = "") {
    return R"({"user":"anna","password":")" + std::string(password) + "\"" + std::string(more) + "}";
  }

  support::TemporaryFolder folder_;
  support::FakeClock clock_;
  std::unique_ptr<accounts::HostAccounts> accounts_;
  Checks checks_;
  Bans bans_;
  std::unique_ptr<sign_in::SignIn> sign_in_;
  std::unique_ptr<HttpApi> api_;
};

TEST_F(HttpApiTest, XmppServerLearnsWhoIsAHost) {
  EXPECT_EQ(post("/v1/check", question("correct horse")).body, R"({"result":"accepted"})");
  const auto refused = post("/v1/check", question("wrong"));
  EXPECT_EQ(refused.status, 200U);
  EXPECT_EQ(refused.body, R"({"result":"refused"})");
}

TEST_F(HttpApiTest, OnlyThoseWithTheKeyMayAskForPeople) {
  const net::HttpHeaders headers[] = {
      {{"content-type", "application/json"}    },
      { {"content-type", "application/json"}, {"authorization", "Bearer another key"}},
      { {"content-type", "application/json"},                 {"authorization", kKey}},
      { {"content-type", "application/json"},            {"authorization", "Bearer "}},
  };
  for (const char* path : {"/v1/check", "/v1/sign-in", "/v1/sign-out"})
    for (const auto& header : headers)
      EXPECT_EQ(send({.method = "POST", .target = path, .headers = header, .body = question("correct horse")})
                    .status,
                401U);
  EXPECT_EQ(sign_in_->counters().accepted.value(), 0U);
}

TEST_F(HttpApiTest, ClientWithFieldsOfItsOwnGetsAToken) {
  const auto answer = post("/v1/sign-in", question("correct horse", R"(,"code":"")"));
  ASSERT_EQ(answer.status, 200U);
  const auto said = boost::json::parse(answer.body).as_object();
  EXPECT_EQ(said.at("user").as_string(), "anna");
  EXPECT_EQ(said.at("seconds").as_int64(), 120);
  const std::string token(said.at("token").as_string());
  EXPECT_EQ(post("/v1/check", question(token)).body, R"({"result":"accepted"})");

  EXPECT_EQ(post("/v1/sign-in", question(token)).status, 403U) << "no token for a token";
  EXPECT_EQ(post("/v1/sign-out", R"({"token":")" + token + "\"}").status, 204U);
  EXPECT_EQ(post("/v1/check", question(token)).body, R"({"result":"refused"})");
}

TEST_F(HttpApiTest, BrowserCannotSayThatItResumes) {
  ASSERT_TRUE(
      accounts_->set_second_factor(accounts::HostName("anna"), Secret("12345678901234567890"), 0, {}));
  const std::string resuming = question("correct horse", R"(,"resumes":true)");
  EXPECT_EQ(post("/v1/sign-in", resuming).status, 403U);
  EXPECT_EQ(post("/v1/check", resuming).body, R"({"result":"accepted"})") << "the XMPP server can: it knows";
}

TEST_F(HttpApiTest, BrowserIsToldHowItStands) {
  EXPECT_EQ(post("/v1/sign-in", question("wrong")).status, 403U);
  checks_.full = true;
  EXPECT_EQ(post("/v1/sign-in", question("correct horse")).status, 503U);
  checks_.full = false;
  for (int i = 0; i < 9; ++i) (void)post("/v1/sign-in", question("wrong"));
  const auto wait = post("/v1/sign-in", question("correct horse"));
  EXPECT_EQ(wait.status, 429U);
  EXPECT_EQ(wait.body, R"({"result":"wait","seconds":1})");
}

TEST_F(HttpApiTest, AddressOfABrowserIsWhatTheWebServerSays) {
  for (int i = 0; i < 40; ++i)
    (void)post("/v1/sign-in", question("wrong", R"(,"source":"198.51.100.7")"), "192.0.2.1");
  EXPECT_EQ(bans_.asked, (std::vector{*SocketAddress::parse("192.0.2.1", 0)}));
}

TEST_F(HttpApiTest, NonsenseIsRefused) {
  EXPECT_EQ(post("/v1/check", "not json").status, 400U);
  EXPECT_EQ(post("/v1/sign-in", "{}").status, 400U);
  EXPECT_EQ(post("/v1/sign-out", "{}").status, 400U);
  EXPECT_EQ(post("/v1/other", "{}").status, 404U);
  const std::pair<std::string, std::string> key{"authorization", std::string("Bearer ") + kKey};
  EXPECT_EQ(send({.method = "GET", .target = "/v1/check", .headers = {key}, .body = {}}).status, 405U);
  EXPECT_EQ(send({.method = "POST", .target = "/v1/sign-in", .headers = {key}, .body = question("x")}).status,
            415U)
      << "a form that a page elsewhere could send";
}

TEST_F(HttpApiTest, TotalsNameNobody) {
  (void)post("/v1/check", question("correct horse"));
  (void)post("/v1/check", question("wrong"));
  const std::string text = send({.method = "GET", .target = "/metrics", .headers = {}, .body = {}}).body;
  EXPECT_NE(text.find("cloister_gate_sign_ins_total{result=\"accepted\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("cloister_gate_sign_ins_total{result=\"refused\"} 1\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("anna"), std::string::npos);
  EXPECT_EQ(send({.method = "GET", .target = "/about/health", .headers = {}, .body = {}}).status, 200U);
}

}  // namespace
}  // namespace cloister::gate::http
