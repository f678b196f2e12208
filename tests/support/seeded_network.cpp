#include "support/seeded_network.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"
#include "wire/demux.h"

namespace cloister::support {
namespace {

constexpr std::size_t kTraced = 400;

const char* name_of(wire::PacketKind kind) {
  switch (kind) {
    case wire::PacketKind::stun: return "STUN";
    case wire::PacketKind::dtls: return "DTLS";
    case wire::PacketKind::rtp: return "RTP";
    case wire::PacketKind::rtcp: return "RTCP";
    case wire::PacketKind::unknown: break;
  }
  return "?";
}

}  // namespace

void SeededNetwork::Host::send(std::span<const net::Datagram> batch) {
  for (const net::Datagram& datagram : batch) network_->send(*this, datagram, up_line_);
}

Duration SeededNetwork::Host::queue() const {
  return std::max(down_line_.busy_until - network_->clock_.now(), Duration{0});
}

SeededNetwork::Host& SeededNetwork::add(std::string name, net::PacketPool& pool,
                                        net::UdpPort::Receiver& receiver, const Link& both_ways) {
  auto host = std::make_unique<Host>();
  const std::uint32_t number = next_host_++;
  host->network_ = this;
  host->name_ = std::move(name);
  host->address_ = SocketAddress::v4(
      {198, 18, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number & 0xffU)}, 10000);
  host->pool_ = &pool;
  host->receiver_ = &receiver;
  host->up = host->down = both_ways;
  Host& out = *host;
  hosts_.emplace(host->address_, std::move(host));
  return out;
}

void SeededNetwork::remove(Host& host) { hosts_.erase(SocketAddress(host.address_)); }

void SeededNetwork::inject(Bytes bytes, Host& to) {
  const auto number = static_cast<std::uint32_t>(random_());
  const SocketAddress from = SocketAddress::v4(
      {198, 19, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number & 0xffU)}, 4000);
  in_flight_.emplace(clock_.now(), InFlight{
                                       "stranger", from, to.address_, {bytes.begin(), bytes.end()}
  });
}

void SeededNetwork::inject_as(const Host& from, Bytes bytes, Host& to) {
  in_flight_.emplace(clock_.now(), InFlight{
                                       "stranger", from.address_, to.address_, {bytes.begin(), bytes.end()}
  });
}

std::optional<TimePoint> SeededNetwork::travel(const Link& link, Host::Line& line, TimePoint at,
                                               std::size_t size) {
  if (chance() < link.loss) return std::nullopt;
  if (link.bits_per_second) {
    const auto time_of = [&](std::size_t bytes) {
      return Duration(1s) * static_cast<std::int64_t>(bytes) * 8 / *link.bits_per_second;
    };
    const TimePoint done = std::max(at - time_of(link.burst), line.busy_until) + time_of(size);
    if (done - at > link.queue) return std::nullopt;
    line.busy_until = done;
    at = std::max(at, done);
  }
  at += link.delay + Duration(static_cast<std::int64_t>(chance() * static_cast<double>(link.jitter.count())));
  if (chance() < link.reordering) return at + link.overtaken_by;
  line.last_arrival = at = std::max(at, line.last_arrival);
  return at;
}

void SeededNetwork::send(const Host& from, const net::Datagram& datagram, Host::Line& line) {
  const SocketAddress& to = datagram.to.remote;
  if (ear_) ear_(from.address_, to, datagram.bytes);
  const auto found = hosts_.find(to);
  const bool twice = chance() < from.up.duplication;
  for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
    auto at = travel(from.up, line, clock_.now(), datagram.bytes.size());
    if (at && found != hosts_.end())
      at = travel(found->second->down, found->second->down_line_, *at, datagram.bytes.size());
    trace(from.name_, to, datagram.bytes, !at ? "lost" : copy == 0 ? "" : "doubled");
    if (at)
      in_flight_.emplace(*at,
                         InFlight{
                             from.name_, from.address_, to, {datagram.bytes.begin(), datagram.bytes.end()}
      });
  }
}

std::optional<TimePoint> SeededNetwork::next_arrival() const {
  if (in_flight_.empty()) return std::nullopt;
  return in_flight_.begin()->first;
}

void SeededNetwork::deliver() {
  std::vector<net::Arrival> batch;
  while (!in_flight_.empty() && in_flight_.begin()->first <= clock_.now()) {
    const SocketAddress to = in_flight_.begin()->second.to;
    const auto host = hosts_.find(to);
    while (batch.size() < net::UdpPort::kBatch && !in_flight_.empty() &&
           in_flight_.begin()->first <= clock_.now() && in_flight_.begin()->second.to == to) {
      const auto datagram = in_flight_.extract(in_flight_.begin());
      if (host == hosts_.end()) continue;
      net::Packet packet = host->second->pool_->acquire();
      const auto& bytes = datagram.mapped().bytes;
      if (!packet || bytes.size() > net::Packet::kCapacity) continue;
      packet.resize(bytes.size());
      std::ranges::copy(bytes, packet.bytes().begin());
      batch.push_back({std::move(packet), net::Path(datagram.mapped().from)});
    }
    if (host != hosts_.end() && !batch.empty()) host->second->receiver_->on_datagrams(batch, clock_.now());
    batch.clear();
  }
}

void SeededNetwork::trace(const std::string& from, const SocketAddress& to, Bytes bytes, const char* fate) {
  const auto found = hosts_.find(to);
  traced_.push_back({clock_.now(), from, found == hosts_.end() ? "nobody" : found->second->name_,
                     fmt::format("{} {} B {}", name_of(wire::classify(bytes)), bytes.size(), fate)});
  if (traced_.size() > kTraced) traced_.pop_front();
}

std::string SeededNetwork::flow_diagram(std::size_t lines) const {
  std::string out;
  const std::size_t first = traced_.size() > lines ? traced_.size() - lines : 0;
  for (std::size_t i = first; i < traced_.size(); ++i) {
    const double ms = std::chrono::duration<double, std::milli>(traced_[i].time.time_since_epoch()).count();
    out += fmt::format("{:12.3f} ms  {:>8} ──▶ {:<8}  {}\n", ms, traced_[i].from, traced_[i].to,
                       traced_[i].what);
  }
  return out;
}

}  // namespace cloister::support
