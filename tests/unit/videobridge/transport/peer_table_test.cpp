#include "videobridge/transport/peer_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "unit/videobridge/transport/two_peers.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {
namespace {

class PeerTableTest : public testing::Test {
protected:
  // A check for `receiver`, from `from`.
  Transport* check(Side& receiver, const SocketAddress& from, bool knows_password = true) {
    const LocalDescription& local = receiver.transport().local();
    net::Packet packet = pool_.acquire();
    const std::string password = knows_password ? local.pwd : "guessed";
    packet.resize(wire::StunWriter(packet.space(), wire::StunClass::request, {})
                      .username(local.ufrag, "them")
                      .priority(1)
                      .controlled(1)
                      .finish(wire::HmacSha1(as_bytes(password))));
    return table_.on_datagram(std::move(packet), from, network_.now());
  }
  Transport* media(const SocketAddress& from) {
    net::Packet packet = pool_.acquire();
    packet.resize(20);
    std::ranges::fill(packet.bytes(), std::byte{0x80});
    return table_.on_datagram(std::move(packet), from, network_.now());
  }
  static SocketAddress client(std::uint16_t port) { return address("198.51.100.7", port); }

  test::MemoryNetwork network_{1};
  net::PacketPool pool_;
  Drops drops_;
  std::shared_ptr<const Certificate> certificate_ = Certificate::generate();
  Side alice_{network_, address("192.0.2.1", 1), {}, certificate_};
  Side bob_{network_, address("192.0.2.1", 2), {}, certificate_};
  PeerTable table_{drops_};
};

// Checklist: 61, 73
TEST_F(PeerTableTest, AnAddressIsKnownOnceACheckOnItHasProvenThePassword) {
  table_.add(alice_.transport());
  table_.add(bob_.transport());
  EXPECT_EQ(media(client(1)), nullptr);
  EXPECT_EQ(check(alice_, client(1), false), &alice_.transport());
  EXPECT_EQ(media(client(1)), nullptr);
  EXPECT_EQ(check(alice_, client(1)), &alice_.transport());
  EXPECT_EQ(media(client(1)), &alice_.transport());
  EXPECT_EQ(check(bob_, client(2)), &bob_.transport());
  EXPECT_EQ(media(client(2)), &bob_.transport());
  EXPECT_EQ(drops_.value(Drop::unknown_address), 2U);
  table_.remove(alice_.transport());
  table_.remove(bob_.transport());
}

TEST_F(PeerTableTest, AnAddressThatChangesHandsFollowsTheNewOwner) {
  table_.add(alice_.transport());
  table_.add(bob_.transport());
  check(alice_, client(1));
  check(bob_, client(1));
  EXPECT_EQ(media(client(1)), &bob_.transport());
  table_.remove(alice_.transport());  // must not take the address along
  EXPECT_EQ(media(client(1)), &bob_.transport());
  table_.remove(bob_.transport());
  EXPECT_EQ(media(client(1)), nullptr);
}

TEST_F(PeerTableTest, APeerOwnsABoundedNumberOfAddresses) {
  table_.add(alice_.transport());
  for (std::uint16_t port = 1; port <= PeerTable::kMaxPaths + 1; ++port) check(alice_, client(port));
  EXPECT_EQ(media(client(1)), nullptr);
  EXPECT_EQ(media(client(2)), &alice_.transport());
  EXPECT_EQ(media(client(PeerTable::kMaxPaths + 1)), &alice_.transport());
  table_.remove(alice_.transport());
  EXPECT_EQ(table_.size(), 0U);
  EXPECT_EQ(check(alice_, client(1)), nullptr);
}

}  // namespace
}  // namespace cloister::videobridge::transport
