#include "gate/app/guard_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "firewall/protocol/request.h"
#include "support/temporary_folder.h"

namespace cloister::gate::app {
namespace {

const SocketAddress kSource = *SocketAddress::parse("192.0.2.1", 40000);

// The guard's end of the socket, and what lies in it unread.
class Guard {
public:
  explicit Guard(const std::string& path) : fd_(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(fd_, 4), 0);
  }
  ~Guard() { close(fd_); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  std::vector<std::byte> next_record() const {
    const int client = accept(fd_, nullptr, nullptr);
    EXPECT_GE(client, 0);
    std::vector<std::byte> record(1000);
    const ssize_t size = recv(client, record.data(), record.size(), 0);
    close(client);
    record.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return record;
  }

private:
  int fd_;
};

TEST(GuardSocket, AsksForABanInTheGuardsOwnWords) {
  const support::TemporaryFolder folder;
  const Guard guard(folder / "socket");
  GuardSocket(folder / "socket").ban(kSource, 1h);
  const auto request = firewall::protocol::parse_request(guard.next_record());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->kind, firewall::protocol::Kind::ban);
  EXPECT_EQ(request->time, std::chrono::hours(1));
  ASSERT_EQ(request->addresses.size(), 1U);
  EXPECT_EQ(request->addresses[0].expose(), kSource.with_port(0));
}

TEST(GuardSocket, AbsentGuardIsSaidAndNobodysTrouble) {
  testing::internal::CaptureStderr();
  GuardSocket("/nonexistent/socket").ban(kSource, 1h);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("could not be asked"), std::string::npos);
  EXPECT_EQ(said.find("192.0.2"), std::string::npos);
  GuardSocket("/" + std::string(200, 'x')).ban(kSource, 1h);
}

}  // namespace
}  // namespace cloister::gate::app
