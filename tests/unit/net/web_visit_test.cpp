// Plain visits, as to services on loopback; those over TLS are made against the real stack (tests/stack).
#include "net/web_visit.h"

#include <gtest/gtest.h>

#include <thread>

namespace cloister::net {
namespace {

SocketAddress loopback(std::uint16_t port) { return SocketAddress::v4({127, 0, 0, 1}, port); }

class WebVisitTest : public testing::Test {
protected:
  void SetUp() override {
    server_ = std::move(*HttpServer::listen(reactor_, {}));
    thread_ = std::thread([this] { reactor_.run(); });
  }
  void TearDown() override {
    reactor_.stop();
    thread_.join();
  }
  WebVisit to(const std::string& target) const {
    return {
        .at = loopback(server_->port()), .host = "127.0.0.1", .tls = false, .target = target, .patience = 2s};
  }
  Reactor reactor_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

TEST_F(WebVisitTest, BringsStatusHeadersAndBody) {
  HttpRequest asked;
  server_->on_request([&](HttpRequest request, HttpResponder responder) {
    asked = std::move(request);
    responder.reply({.status = 418, .headers = {{"X-Kind", "Test"}}, .body = "short and stout"});
  });
  WebVisit visit = to("/pot?full");
  visit.headers = {
      {"X-Asked", "yes"}
  };
  const auto page = net::visit(visit);
  ASSERT_TRUE(page) << page.error().why;
  EXPECT_EQ(asked.target, "/pot?full");
  EXPECT_EQ(asked.header("x-asked"), "yes");
  EXPECT_EQ(page->response.status, 418U);
  EXPECT_EQ(page->response.body, "short and stout");
  EXPECT_FALSE(page->tls);
  bool found = false;
  for (const auto& [name, value] : page->response.headers)
    found = found || (name == "x-kind" && value == "Test");
  EXPECT_TRUE(found);
}

TEST_F(WebVisitTest, WaitsNoLongerThanItsPatience) {
  std::vector<HttpResponder> unanswered;
  server_->on_request(
      [&](HttpRequest, HttpResponder responder) { unanswered.push_back(std::move(responder)); });
  WebVisit visit = to("/");
  visit.patience = 100ms;
  const auto page = net::visit(visit);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().stage, WebStage::http);
}

TEST_F(WebVisitTest, TellsAServerWithoutTlsFromNobody) {
  WebVisit visit = to("/");
  visit.tls = true;
  const auto refused = net::visit(visit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().stage, WebStage::tls);
  visit.at = loopback(1);
  const auto nobody = net::visit(visit);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().stage, WebStage::connection);
}

}  // namespace
}  // namespace cloister::net
