#include "videobridge/app/doctor.h"

#include <fmt/format.h>

#include <algorithm>

#include "net/udp_socket.h"
#include "videobridge/app/media_addresses.h"

namespace cloister::videobridge::app {
namespace {

using transport::Candidate;
using transport::CandidateType;

std::string text(const SocketAddress& address) { return address.ip_text_for_wire(); }
const char* family(const SocketAddress& address) {
  return address.family() == IpFamily::v4 ? "IPv4" : "IPv6";
}
const char* reach(const SocketAddress& address) {
  if (address.is_loopback()) return "this machine only";
  return address.is_private() ? "private" : "public";
}
bool is_public(const SocketAddress& address) { return !address.is_private() && !address.is_loopback(); }

// "10000" or "10000-10003".
std::string ports(std::uint16_t first, std::size_t shards) {
  if (shards == 1) return std::to_string(first);
  return fmt::format("{}-{}", first, first + shards - 1);
}

class Examination {
public:
  Examination(const MediaSettings& media, const Findings& findings) : media_(media), findings_(findings) {
    std::vector<SocketAddress> listening = listening_addresses(media, findings.local);
    for (SocketAddress& address : listening) address = address.with_port(media.port);
    for (const Candidate& one : transport::make_candidates(listening, candidate_settings(media, 0)))
      (one.on_request ? withheld_ : advertised_).push_back(one);
    listening_ = std::move(listening);
  }

  Diagnosis run() {
    say("Media: UDP {} {}, one for each of the bridge's threads.", findings_.shards == 1 ? "port" : "ports",
        ports(media_.port, findings_.shards));
    tell_advertised();
    tell_left_out();
    say("Findings:");
    check_ports();
    check_settings();
    check_reach();
    check_ipv6();
    return std::move(out_);
  }

private:
  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    out_.lines.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void fault(fmt::format_string<Args...> format, Args&&... args) {
    out_.healthy = false;
    out_.lines.push_back("  FAULT   " + fmt::format(format, std::forward<Args>(args)...));
  }

  void tell_advertised() {
    say("Participants are told:");
    if (advertised_.empty()) say("  nothing");
    for (const Candidate& one : advertised_) {
      const std::string where =
          fmt::format("{} {} {}", text(one.address), findings_.shards == 1 ? "port" : "ports",
                      ports(one.address.port(), findings_.shards));
      if (one.type == CandidateType::host)
        say("  host   {}: {}, {}, on {}", where, family(one.address), reach(one.address),
            interface_of(listening_[one.socket]));
      else
        say("  srflx  {}: {}, {}, leads to {} by media.advertise", where, family(one.address),
            reach(one.address), text(listening_[one.socket]));
    }
  }

  void tell_left_out() {
    std::vector<std::string> lines;
    for (const Candidate& one : withheld_)
      lines.push_back(
          fmt::format("  {}: private, and media.advertise_private_candidates is off; told only to "
                      "endpoints with the capability private-address-connectivity",
                      text(one.address)));
    for (const net::LocalAddress& one : findings_.local) {
      const char* why = why_not(one);
      if (why != nullptr)
        lines.push_back(fmt::format("  {} on {}: {}", text(one.address), one.interface, why));
    }
    if (lines.empty()) return;
    say("Left out:");
    out_.lines.insert(out_.lines.end(), lines.begin(), lines.end());
  }

  // Of an address that is not listened on.
  const char* why_not(const net::LocalAddress& one) const {
    const auto same = [&](const SocketAddress& other) { return other.with_port(0) == one.address; };
    if (std::ranges::any_of(listening_, same)) {
      const bool loopback = one.address.is_loopback() && !media_.include_loopback;
      return loopback ? "loopback, and media.include_loopback is off" : nullptr;
    }
    if (!one.up) return "the interface is down";
    if (!media_.addresses.empty()) return "not named in media.addresses";
    if (one.address.is_link_local()) return "link-local, so of use on one cable only";
    return one.address.is_loopback() ? "loopback, and media.include_loopback is off" : nullptr;
  }

  void check_ports() {
    for (const auto& [address, error] : findings_.ports) {
      if (!error) continue;
      if (error == std::errc::address_in_use)
        fault(
            "UDP port {} on {} is in use: by a bridge that runs already, or by another program ('ss -ulpn' "
            "names it). Stop that one or change media.port.",
            address.port(), text(address));
      else if (error == std::errc::address_not_available)
        fault("{} is not an address of this machine. Correct media.addresses.", text(address));
      else
        fault("UDP port {} on {} cannot be bound: {}.", address.port(), text(address), error.message());
    }
    const bool free = std::ranges::none_of(findings_.ports, [](const auto& one) { return bool(one.error); });
    if (free && !findings_.ports.empty())
      say("  ok      UDP {} can be bound on every address. Whether a firewall lets it through, only a call "
          "from outside shows.",
          ports(media_.port, findings_.shards));
  }

  void check_settings() {
    for (const AdvertisedAddress& one : media_.advertise) {
      const SocketAddress local = SocketAddress::parse(one.local, media_.port).value();
      if (std::ranges::find(listening_, local) == listening_.end())
        fault(
            "media.advertise: {} is not an address that the bridge listens on, so {} is never told. Set "
            "`local` to one of the addresses above.",
            one.local, one.public_ip);
      else if (SocketAddress::parse(one.public_ip, 0)->is_private())
        say("  advice  media.advertise: {} is private itself, so it helps in that network only.",
            one.public_ip);
    }
  }

  void check_reach() {
    if (advertised_.empty())
      return fault(
          "Nobody can connect: there is no address to tell. Give the machine one, or set "
          "media.addresses, media.include_loopback or media.advertise.");
    const auto reachable = [this](IpFamily family) {
      return std::ranges::any_of(advertised_, [family](const Candidate& one) {
        return one.address.family() == family && is_public(one.address);
      });
    };
    if (reachable(IpFamily::v4)) return say("  ok      IPv4 participants of any network have an address.");
    const auto local = std::ranges::find_if(listening_, [](const SocketAddress& one) {
      return one.family() == IpFamily::v4 && one.is_private();
    });
    if (local == listening_.end())
      return say(
          "  advice  No IPv4 address that others can reach: participants without IPv6 cannot connect.");
    say("  advice  All IPv4 addresses are private and none is mapped: from other networks nobody connects. "
        "That is right for a server of one local network.");
    say("          Behind NAT, forward UDP {} to this machine and write: media: {{advertise: [{{local: {}, "
        "public: the address that the world sees}}]}}",
        ports(media_.port, findings_.shards), text(*local));
  }

  void check_ipv6() {
    const auto ipv6 = [](const Candidate& one) { return one.address.family() == IpFamily::v6; };
    if (std::ranges::any_of(advertised_,
                            [&](const Candidate& one) { return ipv6(one) && is_public(one.address); }))
      return say("  ok      IPv6 participants have an address.");
    if (std::ranges::any_of(advertised_, ipv6))
      return say(
          "  advice  IPv6 reaches the local network only (unique local address): participants with "
          "nothing but IPv6 connect from there only.");
    const bool has_any = std::ranges::any_of(findings_.local, [](const net::LocalAddress& one) {
      return one.up && one.address.family() == IpFamily::v6 && !one.address.is_loopback();
    });
    say("  advice  {} Participants with nothing but IPv6 cannot connect.",
        has_any ? "No IPv6 address is used (see above)." : "This machine has no IPv6.");
  }

  std::string interface_of(const SocketAddress& address) const {
    const auto found = std::ranges::find(findings_.local, address.with_port(0), &net::LocalAddress::address);
    return found == findings_.local.end() ? "no interface of this machine" : found->interface;
  }

  const MediaSettings& media_;
  const Findings& findings_;
  std::vector<SocketAddress> listening_;  // its index is Candidate::socket
  std::vector<Candidate> advertised_, withheld_;
  Diagnosis out_;
};

}  // namespace

Findings examine(const MediaSettings& media) {
  Findings out{.local = net::local_addresses(), .shards = shard_count(media), .ports = {}};
  for (const SocketAddress& address : listening_addresses(media, out.local)) {
    for (std::size_t i = 0; i < out.shards; ++i) {
      const SocketAddress at = address.with_port(static_cast<std::uint16_t>(media.port + i));
      const auto socket = net::open_udp_socket(at, 0, 0);
      out.ports.push_back({at, socket ? std::error_code() : socket.error().code});
    }
  }
  return out;
}

Diagnosis diagnose(const MediaSettings& media, const Findings& findings) {
  return Examination(media, findings).run();
}

}  // namespace cloister::videobridge::app
