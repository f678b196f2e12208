#include "net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <thread>

namespace cloister::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using testing::ElementsAre;

// A blocking client on a thread of its own, while the reactor runs on the test's.
class HttpServerTest : public testing::Test {
protected:
  void listen(HttpServerSettings settings = {}) {
    auto made = HttpServer::listen(reactor, std::move(settings));
    ASSERT_TRUE(made);
    server = std::move(*made);
  }
  void with_client(const std::function<void()>& conversation) {
    std::thread client([&] {
      conversation();
      reactor.stop();
    });
    reactor.run();
    client.join();
  }
  tcp::socket connect(asio::io_context& io) const {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), server->port()});
    return socket;
  }
  static http::response<http::string_body> exchange(tcp::socket& socket, http::verb method,
                                                    std::string target, std::string body = {}) {
    http::request<http::string_body> request(method, std::move(target), 11, std::move(body));
    request.set("X-Kind", "test");
    request.prepare_payload();
    http::write(socket, request);
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    return response;
  }

  Reactor reactor;
  std::unique_ptr<HttpServer> server;
};

TEST_F(HttpServerTest, HandsOverTheRequestAndWritesTheAnswer) {
  listen();
  HttpRequest seen;
  server->on_request([&](HttpRequest request, HttpResponder responder) {
    seen = std::move(request);
    responder.reply({.status = 201, .headers = {{"Content-Type", "text/plain"}}, .body = "made"});
  });
  with_client([&] {
    asio::io_context io;
    tcp::socket socket = connect(io);
    const auto response = exchange(socket, http::verb::post, "/things?x=1", "a thing");
    EXPECT_EQ(response.result_int(), 201U);
    EXPECT_EQ(response.body(), "made");
    EXPECT_EQ(response[http::field::content_type], "text/plain");
  });
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/things?x=1");
  EXPECT_EQ(seen.path(), "/things");
  EXPECT_EQ(seen.header("x-kind"), "test");
  EXPECT_EQ(seen.header("absent"), "");
  EXPECT_EQ(seen.body, "a thing");
}

TEST_F(HttpServerTest, AnswersLaterAndKeepsTheConnection) {
  listen();
  std::vector<HttpResponder> waiting;
  server->on_request([&](HttpRequest, HttpResponder responder) {
    waiting.push_back(std::move(responder));
    reactor.post([&] {
      waiting.back().reply({.body = std::to_string(waiting.size())});
      waiting.back().reply({.body = "a second answer"});
    });
  });
  with_client([&] {
    asio::io_context io;
    tcp::socket socket = connect(io);
    EXPECT_EQ(exchange(socket, http::verb::get, "/").body(), "1");
    EXPECT_EQ(exchange(socket, http::verb::get, "/").body(), "2");
  });
}

TEST_F(HttpServerTest, AForgottenRequestIsAnsweredWith500) {
  listen();
  server->on_request([](HttpRequest, HttpResponder) {});
  with_client([&] {
    asio::io_context io;
    tcp::socket socket = connect(io);
    EXPECT_EQ(exchange(socket, http::verb::get, "/").result_int(), 500U);
  });
}

TEST_F(HttpServerTest, RefusesLongBodiesAndNonsense) {
  listen({.max_body_bytes = 100});
  server->on_request([](HttpRequest, HttpResponder) { ADD_FAILURE() << "must not get here"; });
  with_client([&] {
    asio::io_context io;
    tcp::socket first = connect(io);
    EXPECT_EQ(exchange(first, http::verb::post, "/", std::string(101, 'x')).result_int(), 413U);

    tcp::socket second = connect(io);
    asio::write(second, asio::buffer(std::string("not http at all\r\n\r\n")));
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(second, buffer, response);
    EXPECT_EQ(response.result_int(), 400U);
  });
}

TEST_F(HttpServerTest, CutsOffAClientThatNeverFinishesItsRequest) {
  listen({.request_timeout = 50ms});
  with_client([&] {
    asio::io_context io;
    tcp::socket socket = connect(io);
    asio::write(socket, asio::buffer(std::string("GET / HT")));
    char byte = 0;
    boost::system::error_code error;
    socket.read_some(asio::buffer(&byte, 1), error);
    EXPECT_TRUE(error);
  });
  reactor.poll();
  EXPECT_EQ(server->connections(), 0U);
}

TEST_F(HttpServerTest, ABusyPortIsAnErrorWithItsReason) {
  listen();
  const auto second = HttpServer::listen(reactor, {.port = server->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, boost::system::error_code(asio::error::address_in_use));
}

// What a taken-over WebSocket says, and an echo.
struct Echo : WebSocket::Listener {
  void on_text(std::string_view text) override {
    log.emplace_back(text);
    if (text == "bye") return socket->close(CloseCode::normal, "as asked");
    socket->send_text("echo " + std::string(text));
  }
  void on_closed() override {
    log.emplace_back("closed");
    if (then) then();
  }
  std::unique_ptr<WebSocket> socket;
  std::vector<std::string> log;
  std::function<void()> then;
};

class WebSocketTest : public HttpServerTest {
protected:
  void accept(HttpServerSettings settings = {}) {
    listen(std::move(settings));
    server->on_request([](HttpRequest, HttpResponder responder) { responder.reply({.status = 404}); });
    server->on_upgrade([this](const HttpRequest& request, UpgradeResponder responder) {
      if (request.path() == "/undecided") return;
      if (request.path() != "/socket") return responder.refuse({.status = 403});
      responder.accept([this](std::unique_ptr<WebSocket> socket) {
        echo.socket = std::move(socket);
        echo.socket->start(echo);
      });
    });
  }
  Echo echo;
};

TEST_F(WebSocketTest, CarriesTextBothWaysAndClosesInOrder) {
  accept();
  with_client([&] {
    asio::io_context io;
    websocket::stream<tcp::socket> client(connect(io));
    client.handshake("localhost", "/socket?pwd=1");
    client.write(asio::buffer(std::string("one")));
    client.write(asio::buffer(std::string("two")));
    client.write(asio::buffer(std::string("bye")));
    std::vector<std::string> heard;
    boost::system::error_code error;
    while (!error) {
      beast::flat_buffer buffer;
      client.read(buffer, error);
      if (!error) heard.push_back(beast::buffers_to_string(buffer.data()));
    }
    EXPECT_THAT(heard, ElementsAre("echo one", "echo two"));
    EXPECT_EQ(error, websocket::error::closed);
    EXPECT_EQ(client.reason().code, websocket::close_code::normal);
    EXPECT_EQ(client.reason().reason, "as asked");
  });
  EXPECT_THAT(echo.log, ElementsAre("one", "two", "bye"));
}

TEST_F(WebSocketTest, ARefusedHandshakeGetsTheRefusal) {
  accept();
  with_client([&] {
    asio::io_context io;
    websocket::stream<tcp::socket> client(connect(io));
    boost::system::error_code error;
    websocket::response_type response;
    client.handshake(response, "localhost", "/elsewhere", error);
    EXPECT_EQ(error, websocket::error::upgrade_declined);
    EXPECT_EQ(response.result_int(), 403U);
  });
}

TEST_F(WebSocketTest, AnUndecidedHandshakeIsRefused) {
  accept();
  with_client([&] {
    asio::io_context io;
    websocket::stream<tcp::socket> client(connect(io));
    boost::system::error_code error;
    websocket::response_type response;
    client.handshake(response, "localhost", "/undecided", error);
    EXPECT_EQ(response.result_int(), 500U);
  });
}

TEST_F(WebSocketTest, TellsWhenTheClientLeaves) {
  accept();
  echo.then = [&] { reactor.stop(); };
  std::thread leaver([&] {
    asio::io_context io;
    websocket::stream<tcp::socket> client(connect(io));
    client.handshake("localhost", "/socket");
  });
  reactor.run();
  leaver.join();
  EXPECT_THAT(echo.log, ElementsAre("closed"));
  EXPECT_FALSE(echo.socket->open());
}

TEST_F(WebSocketTest, RefusesLongAndBinaryMessages) {
  for (const bool binary : {false, true}) {
    SCOPED_TRACE(binary);
    echo.log.clear();
    accept({.web_socket = {.max_message_bytes = 100}});
    with_client([&] {
      asio::io_context io;
      websocket::stream<tcp::socket> client(connect(io));
      client.handshake("localhost", "/socket");
      client.binary(binary);
      client.write(asio::buffer(std::string(binary ? 10 : 101, 'x')));
      beast::flat_buffer buffer;
      boost::system::error_code error;
      client.read(buffer, error);
      EXPECT_TRUE(error);
    });
    reactor.poll();
    EXPECT_THAT(echo.log, ElementsAre("closed"));
  }
}

TEST_F(WebSocketTest, CutsOffAClientThatDoesNotRead) {
  accept({.web_socket = {.max_queued_bytes = 1000}});
  echo.then = [&] { reactor.stop(); };
  std::thread client_thread([&] {
    asio::io_context io;
    websocket::stream<tcp::socket> client(connect(io));
    client.handshake("localhost", "/socket");
    client.write(asio::buffer(std::string(999, 'x')));
    beast::flat_buffer buffer;
    boost::system::error_code error;
    client.read(buffer, error);
    EXPECT_TRUE(error);
  });
  reactor.run();
  client_thread.join();
  EXPECT_EQ(echo.log.back(), "closed");
}

// Checklist: 178
TEST_F(WebSocketTest, GivesUpASilentClientButNotOneThatAnswersPings) {
  accept({
      .web_socket = {.ping_interval = 10ms, .idle_timeout = 60ms}
  });
  echo.then = [&] { reactor.stop(); };
  std::thread client_thread([&] {
    asio::io_context io;
    websocket::stream<tcp::socket> client(connect(io));
    client.handshake("localhost", "/socket");
    int pings = 0;
    client.control_callback([&](websocket::frame_type kind, beast::string_view) {
      if (kind == websocket::frame_type::ping && ++pings == 12)
        client.next_layer().shutdown(tcp::socket::shutdown_send);  // no pong leaves from here on
    });
    beast::flat_buffer buffer;
    boost::system::error_code error;
    client.read(buffer, error);
    EXPECT_GE(pings, 12) << "answered pings keep the connection past the idle timeout";
  });
  reactor.run();
  client_thread.join();
  EXPECT_THAT(echo.log, ElementsAre("closed"));
}

}  // namespace
}  // namespace cloister::net
