// Datagrams of a stranger and of the peer's own address at a transport with a live, secure peer: whatever
// comes, the path stays secure and carries media afterwards. Input: records of a length byte pair, a byte
// that says from where, and the datagram.
#include "base/assert.h"
#include "unit/videobridge/transport/two_peers.h"

namespace {

using namespace cloister;
using namespace cloister::videobridge::transport;

class Call final : TwoPeers {
public:
  void connect() {
    introduce();
    ASSERT(run_until(1s, [&] { return both_open(); }));
  }
  void receive(Bytes datagram, bool from_peer) {
    bridge_.on_wire(datagram, from_peer ? client_.at() : address("203.0.113.66", 666));
    bridge_.on_time();
  }
  void check() {
    // An unauthenticated DTLS alert or handshake record is dropped by the record layer; only consent could
    // end it, and no time passed.
    ASSERT(bridge_.transport().is_secure());
    const std::size_t before = bridge_.media.size();
    ASSERT(client_.send_rtp(++sequence_, "media"));
    run_for(10ms);
    ASSERT(bridge_.media.size() == before + 1);
  }

private:
  std::uint16_t sequence_ = 0;
};

}  // namespace

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Call* const call = [] {
    auto* made = new Call;
    made->connect();
    return made;
  }();
  ByteReader in(std::as_bytes(std::span(data, size)));
  while (in.left() >= 3) {
    const std::size_t length = std::min<std::size_t>(in.u16() % 2048, in.left() - 1);
    const bool from_peer = (in.u8() & 1U) != 0;
    call->receive(in.take(length), from_peer);
  }
  call->check();
  return 0;
}
