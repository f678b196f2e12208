#include "net/tcp_stream.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/run_until.h"

namespace cloister::net {
namespace {

// A listening socket on loopback; connections wait in its queue until they are accepted.
class Peer {
public:
  Peer() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    listen(listener_, 1);
  }
  ~Peer() {
    hang_up();
    stop_listening();
  }
  void stop_listening() {
    if (listener_ >= 0) close(std::exchange(listener_, -1));
  }
  void accept_one() { connection_ = accept(listener_, nullptr, nullptr); }
  void say(std::string_view text) const {
    EXPECT_EQ(::write(connection_, text.data(), text.size()), text.size());
  }
  // Everything until the other side closes.
  std::string hear_all() const {
    std::string all;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(connection_, buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }
  void hang_up() {
    if (connection_ >= 0) close(std::exchange(connection_, -1));
  }
  std::uint16_t port = 0;

private:
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  int connection_ = -1;
};

class TcpStreamTest : public testing::Test, protected ByteStream::Listener {
protected:
  void on_connected() override { connected = true; }
  void on_bytes(std::string_view bytes) override { heard += bytes; }
  void on_closed() override { ++closed; }
  bool until(const std::function<bool()>& done) { return support::run_until(reactor, done); }

  Peer peer;
  Reactor reactor;
  bool connected = false;
  std::string heard;
  int closed = 0;
  std::unique_ptr<ByteStream> stream = tcp_streams(reactor)(*this);
};

TEST_F(TcpStreamTest, CarriesBytesBothWays) {
  stream->write("early ");
  stream->connect("localhost", peer.port);
  ASSERT_TRUE(until([&] { return connected; }));
  peer.accept_one();
  peer.say("hello");
  ASSERT_TRUE(until([&] { return heard == "hello"; }));
  stream->write("last words");
  stream->close();
  EXPECT_EQ(peer.hear_all(), "early last words");
  reactor.poll();
  EXPECT_EQ(closed, 0);
}

TEST_F(TcpStreamTest, SaysOnceThatThePeerHungUp) {
  stream->connect("127.0.0.1", peer.port);
  ASSERT_TRUE(until([&] { return connected; }));
  peer.accept_one();
  peer.hang_up();
  ASSERT_TRUE(until([&] { return closed == 1; }));
  stream->write("nobody hears this");
  stream->close();
  reactor.poll();
  EXPECT_EQ(closed, 1);
}

TEST_F(TcpStreamTest, SaysThatNobodyIsThere) {
  peer.stop_listening();
  stream->connect("127.0.0.1", peer.port);
  ASSERT_TRUE(until([&] { return closed == 1; }));
  EXPECT_FALSE(connected);
}

TEST_F(TcpStreamTest, IsSilentAfterItsDestruction) {
  stream->connect("localhost", peer.port);
  stream.reset();
  reactor.poll();
  EXPECT_FALSE(connected);
  EXPECT_EQ(closed, 0);
}

TEST_F(TcpStreamTest, GivesUpAPeerThatDoesNotRead) {
  stream->connect("127.0.0.1", peer.port);
  ASSERT_TRUE(until([&] { return connected; }));
  const std::string megabyte(1U << 20U, 'x');
  for (int i = 0; i < 40; ++i) stream->write(megabyte);
  EXPECT_EQ(closed, 0);
  ASSERT_TRUE(until([&] { return closed == 1; }));
}

}  // namespace
}  // namespace cloister::net
