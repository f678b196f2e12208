#include "videobridge/app/media_addresses.h"

#include <algorithm>
#include <thread>

namespace cloister::videobridge::app {

std::size_t shard_count(const MediaSettings& media) {
  return media.shards != 0 ? media.shards : std::max(1U, std::thread::hardware_concurrency());
}

std::vector<SocketAddress> listening_addresses(const MediaSettings& media,
                                               const std::vector<net::LocalAddress>& local) {
  if (media.addresses.empty())
    return net::usable_addresses(
        local, media.include_loopback ? net::IncludeLoopback::yes : net::IncludeLoopback::no);
  std::vector<SocketAddress> out;
  for (const std::string& ip : media.addresses) out.push_back(SocketAddress::parse(ip, 0).value());
  return out;
}

transport::CandidateSettings candidate_settings(const MediaSettings& media, std::size_t shard) {
  transport::CandidateSettings out{.include_loopback = media.include_loopback,
                                   .advertise_private = media.advertise_private_candidates};
  for (const AdvertisedAddress& address : media.advertise) {
    const auto port = static_cast<std::uint16_t>(address.port == 0 ? 0 : address.port + shard);
    out.mappings.push_back({.local = SocketAddress::parse(address.local, 0).value(),
                            .advertised = SocketAddress::parse(address.public_ip, port).value()});
  }
  return out;
}

}  // namespace cloister::videobridge::app
