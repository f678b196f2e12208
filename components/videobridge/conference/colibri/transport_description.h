// A transport's description, signalling ↔ transport layer (protocol/bridge.md §2.2, §3.5).
#pragma once

#include "videobridge/transport/model/description.h"
#include "xmpp/colibri2.h"

namespace cloister::videobridge::conference {

inline constexpr std::uint16_t kSctpPort = 5000;

// What cannot be used is left out: other protocols and components, host names, roles other than active and
// passive.
transport::RemoteDescription to_remote(const xmpp::IceUdpTransport& signalled);

// Ours in full. `web_socket` empty: none.
xmpp::IceUdpTransport to_signalling(const transport::LocalDescription& local, const std::string& web_socket);

}  // namespace cloister::videobridge::conference
