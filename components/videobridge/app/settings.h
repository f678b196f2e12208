// cloister-bridge's settings: bridge.yaml. Defaults and units stand at the members; what a key changes, in
// its comment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "videobridge/conference/environment/conference_settings.h"
#include "videobridge/shard/load_reducer.h"
#include "videobridge/signalling/lifecycle.h"

namespace cloister::videobridge::app {

struct XmppSettings {
  std::string host = "127.0.0.1";  // where the server listens
  std::uint16_t port = 5222;
  std::string domain;  // virtual host of the services, "auth.<domain>"
  std::string user = "jvb";
  std::string password;  // first line of password_file
  std::string ca_file;   // certificate authority that signed the server's certificate; empty: the system's
  std::string brewery;   // bare JID of the room in which focuses look for bridges
  std::string nickname;  // unique among the bridges of a brewery; empty: random at each start
};

// An address that peers see in place of a local one (static NAT).
struct AdvertisedAddress {
  std::string local;
  std::string public_ip;
  std::uint16_t port = 0;  // 0: the same as the local port
};

struct MediaSettings {
  std::uint16_t port = 10000;            // UDP; shard N listens on port + N
  std::uint16_t shards = 0;              // threads that carry media; 0: one a core
  bool include_loopback = false;         // offer 127.0.0.1 and ::1 to peers on this machine
  std::vector<std::string> addresses{};  // local addresses to use; empty: all but loopback and link-local
  std::vector<AdvertisedAddress> advertise{};
  bool advertise_private_candidates = true;  // false: private addresses are told only to endpoints that the
                                             // focus gave the capability private-address-connectivity
  bool equal_sizes = true;  // pad video packets by up to 15 bytes, so that more leave at once; changes at
                            // once for new participants
};

// Conferences over several bridges.
struct RelaySettings {
  bool enabled = false;
  std::string id{};            // by which focuses and other bridges know this one; unique
  std::uint16_t port = 20000;  // UDP; shard N has `ports` of them from port + N × ports on
  std::uint16_t ports = 16;    // of each shard: so many relays may begin here at a time
};

struct HttpSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: no HTTP, so no health, metrics or WebSocket
};

// What changes when the file is read again (SIGHUP) says so; everything else waits for a restart.

// Changes at once.
struct LimitSettings {
  std::uint32_t endpoints_per_conference = 1000;
  int last_n = -1;                                    // videos shown to one participant; −1: any number
  std::vector<conference::SizeLimit> last_n_by_size;  // smaller ones for larger conferences
  std::int64_t downlink_bitrate = 0;  // bit/s of video to one participant at most; 0: as estimated
  conference::ChannelLimits channel;
};

// Changes at once.
struct AudioSettings {
  std::uint16_t loudest = 10;  // voices of a conference that are heard at a time; 0: all
};

struct Settings {
  XmppSettings xmpp;
  MediaSettings media;
  RelaySettings relay;
  HttpSettings http;
  std::string web_socket_url;  // public base of the bridge channel, "wss://meet.example/colibri-ws/bridge-1";
                               // empty: off
  bool sctp = true;            // bridge channel over a data channel
  std::string region;          // told to the focus; empty: none; changes at once
  AudioSettings audio;
  LimitSettings limits;
  shard::LoadSettings load;               // changes at once
  bool drain = false;                     // ask focuses to choose other bridges; changes at once
  signalling::ShutdownSettings shutdown;  // changes at once
  bool shutdown_by_http = false;          // POST /colibri/shutdown; changes at once
};

Result<Settings, SettingsError> load_settings(const std::string& file);

}  // namespace cloister::videobridge::app
