// What the media settings mean on this machine: how many ports, on which addresses, told to peers as what.
#pragma once

#include <vector>

#include "net/local_addresses.h"
#include "videobridge/app/settings.h"
#include "videobridge/transport/ice/candidates.h"

namespace cloister::videobridge::app {

std::size_t shard_count(const MediaSettings& media);

// Those that the settings name, or all usable ones of `local`. Port 0.
std::vector<SocketAddress> listening_addresses(const MediaSettings& media,
                                               const std::vector<net::LocalAddress>& local);

// An advertised port belongs to the first shard; each further one has the next.
transport::CandidateSettings candidate_settings(const MediaSettings& media, std::size_t shard);

}  // namespace cloister::videobridge::app
