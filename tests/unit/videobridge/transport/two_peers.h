// A bridge's transport and a client's, made of the same classes, over a network in memory.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "support/memory_network.h"
#include "videobridge/transport/peer_table.h"
#include "videobridge/transport/transport.h"

namespace cloister::videobridge::transport {

inline SocketAddress address(const char* ip, std::uint16_t port) { return *SocketAddress::parse(ip, port); }

inline Candidate host_candidate(const SocketAddress& at) {
  return {CandidateType::host, at, at, 0, candidate_priority(CandidateType::host, 65535), "1"};
}

// One side: everything that a shard has for one participant.
class Side final : public Transport::Listener, public net::DatagramSender {
public:
  Side(test::MemoryNetwork& network, const SocketAddress& at, const TransportSettings& settings,
       std::shared_ptr<const Certificate> certificate)
      : network_(network),
        at_(at),
        transport_(settings, {host_candidate(at)}, std::move(certificate), outbox_, drops_, *this),
        peers_(drops_) {
    peers_.add(transport_);
    listen();
  }
  ~Side() override {
    network_.detach(at_);
    peers_.remove(transport_);
  }

  // As a NAT does: from now on all comes from and goes to another address.
  void move_to(const SocketAddress& at) {
    network_.detach(at_);
    at_ = at;
    listen();
  }

  void on_wire(Bytes datagram, const SocketAddress& from) {
    net::Packet packet = pool_.acquire();
    packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.bytes().begin());
    peers_.on_datagram(std::move(packet), from, network_.now());
    outbox_.flush();
  }
  void on_time() {
    if (const auto due = transport_.next_wakeup(); due && *due <= network_.now())
      transport_.on_wakeup(network_.now());
    outbox_.flush();
  }
  void send(std::span<const net::Datagram> batch) override {
    for (const net::Datagram& one : batch) network_.send(at_, one.to.remote, one.bytes);
  }

  // A minimal RTP packet with `text` as payload. False when there is no room, so not secure.
  bool send_rtp(std::uint16_t sequence, std::string_view text, bool flush = true) {
    const MutableBytes room = transport_.reserve();
    if (room.empty()) return false;
    ByteWriter out(room);
    out.u8(0x80).u8(96).u16(sequence).u32(0).u32(0x1234).bytes(as_bytes(text));
    transport_.commit_rtp(out.size());
    if (flush) outbox_.flush();
    return true;
  }
  void send_rtcp() {
    ByteWriter out(transport_.reserve());
    out.u8(0x80).u8(201).u16(1).u32(0x1234);
    transport_.commit_rtcp(out.size());
    outbox_.flush();
  }
  bool send_message(std::string_view text) {
    const bool taken = transport_.send_channel_message(text);
    outbox_.flush();
    return taken;
  }

  void on_rtp(net::Packet packet, TimePoint) override {
    media.emplace_back(as_text(packet.bytes().subspan(12)));
  }
  void on_rtcp(MutableBytes, TimePoint) override { log.emplace_back("rtcp"); }
  void on_secure(TimePoint) override { log.emplace_back("secure"); }
  void on_channel_open(TimePoint) override { log.emplace_back("open"); }
  void on_channel_message(std::string_view text, TimePoint) override { messages.emplace_back(text); }
  void on_channel_closed(TimePoint) override { log.emplace_back("closed"); }
  void on_transport_failed(TransportFailure reason, TimePoint) override { failures.push_back(reason); }

  std::optional<LocalDescription> restart_ice() {
    auto out = transport_.restart_ice(network_.now());
    peers_.update(transport_);
    return out;
  }

  Transport& transport() { return transport_; }
  const Transport& transport() const { return transport_; }
  net::Outbox& outbox() { return outbox_; }
  const Drops& drops() const { return drops_; }
  const SocketAddress& at() const { return at_; }

  std::vector<std::string> log, media, messages;
  std::vector<TransportFailure> failures;

private:
  void listen() {
    network_.attach(at_, [this](Bytes datagram, const SocketAddress& from) { on_wire(datagram, from); });
  }

  test::MemoryNetwork& network_;
  SocketAddress at_;
  Drops drops_;
  net::PacketPool pool_;
  net::Outbox outbox_{*this};
  Transport transport_;
  PeerTable peers_;
};

inline RemoteDescription as_remote(const LocalDescription& local, bool with_candidates) {
  RemoteDescription out{.ufrag = local.ufrag,
                        .pwd = local.pwd,
                        .candidates = {},
                        .fingerprints = {local.fingerprint},
                        .setup = local.setup};
  if (with_candidates) out.candidates = local.candidates;
  return out;
}

// Base of a fixture. Knows no test framework: the fuzzer uses it as well.
class TwoPeers {
protected:
  explicit TwoPeers(std::uint64_t seed = 1) : network_(seed) {}

  // The bridge learns everything but candidates; the client learns those of the bridge.
  void introduce() {
    client_.transport().set_remote(as_remote(bridge_.transport().local(), true), network_.now());
    bridge_.transport().set_remote(as_remote(client_.transport().local(), false), network_.now());
    bridge_.outbox().flush();
    client_.outbox().flush();
  }
  void run_for(Duration time) {
    const TimePoint end = network_.now() + time;
    run_until(end, [] { return false; });
  }
  template <class Condition>
  bool run_until(TimePoint end, Condition reached) {
    while (!reached()) {
      auto next = earlier(network_.next_arrival(), bridge_.transport().next_wakeup());
      next = earlier(next, client_.transport().next_wakeup());
      if (!next || *next > end) {
        network_.advance_to(end);
        return reached();
      }
      network_.advance_to(*next);
      bridge_.on_time();
      client_.on_time();
    }
    return true;
  }
  template <class Condition>
  bool run_until(Duration within, Condition reached) {
    return run_until(network_.now() + within, reached);
  }
  bool both_secure() { return bridge_.transport().is_secure() && client_.transport().is_secure(); }
  bool both_open() { return bridge_.transport().is_channel_open() && client_.transport().is_channel_open(); }

  static std::shared_ptr<const Certificate> certificate() {
    static const auto one = Certificate::generate();
    return one;
  }

  test::MemoryNetwork network_;
  Side bridge_{network_, address("192.0.2.1", 10000), {}, certificate()};
  Side client_{
      network_,
      address("198.51.100.7", 40000),
      {.controlling = false, .setup = Setup::active, .opens_channel = true},
      Certificate::generate()
  };
};

}  // namespace cloister::videobridge::transport
