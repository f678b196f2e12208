#include "videobridge/app/settings.h"

#include <algorithm>

#include "base/socket_address.h"
#include "videobridge/conference/channel/channel_message.h"
#include "xmpp/jid.h"

namespace cloister::videobridge::app {
namespace {

void read_xmpp(SettingsReader in, XmppSettings& xmpp) {
  in.read("host", xmpp.host);
  in.read_number<std::uint16_t>("port", xmpp.port, 1, 65535);
  in.require("domain", xmpp.domain);
  in.read("user", xmpp.user);
  in.read_secret_file("password_file", xmpp.password);
  in.read("ca_file", xmpp.ca_file);
  in.require("brewery", xmpp.brewery);
  if (const auto brewery = xmpp::Jid::parse(xmpp.brewery);
      !xmpp.brewery.empty() && (!brewery || !brewery->is_bare()))
    in.complain("brewery", "is not the bare address of a room");
  in.read("nickname", xmpp.nickname);
  in.finish();
}

void check_ip(SettingsReader& in, const std::string& key, const std::string& ip) {
  if (!SocketAddress::parse(ip, 0)) in.complain(key, "is not an IP address");
}

void read_media(SettingsReader in, MediaSettings& media) {
  in.read_number<std::uint16_t>("port", media.port, 1, 65535);
  in.read_number<std::uint16_t>("shards", media.shards, 0, 64);
  in.read("include_loopback", media.include_loopback);
  in.read("addresses", media.addresses);
  for (const std::string& ip : media.addresses) check_ip(in, "addresses", ip);
  in.list("advertise", [&media](SettingsReader& item) {
    AdvertisedAddress address;
    item.require("local", address.local);
    item.require("public", address.public_ip);
    item.read_number<std::uint16_t>("port", address.port, 0, 65535);
    check_ip(item, "local", address.local);
    check_ip(item, "public", address.public_ip);
    const auto local = SocketAddress::parse(address.local, 0);
    const auto advertised = SocketAddress::parse(address.public_ip, 0);
    if (local && advertised && local->family() != advertised->family())
      item.complain("public", "is not of the same family (IPv4, IPv6) as local");
    item.finish();
    media.advertise.push_back(address);
  });
  in.read("advertise_private_candidates", media.advertise_private_candidates);
  in.read("equal_sizes", media.equal_sizes);
  if (media.port + media.shards > 65536) in.complain("port", "plus the number of shards passes 65535");
  in.finish();
}

void read_relay(SettingsReader in, RelaySettings& relay) {
  in.read("enabled", relay.enabled);
  in.read("id", relay.id);
  in.read_number<std::uint16_t>("port", relay.port, 1, 65535);
  in.read_number<std::uint16_t>("ports", relay.ports, 1, 64);
  if (relay.port + relay.ports > 65536) in.complain("port", "plus the number of ports passes 65535");
  if (relay.enabled && relay.id.empty()) in.complain("id", "is missing: other bridges know this one by it");
  in.finish();
}

void read_limits(SettingsReader in, LimitSettings& limits) {
  in.read_number<std::uint32_t>("endpoints_per_conference", limits.endpoints_per_conference, 1, 100'000);
  in.read_number<int>("last_n", limits.last_n, -1, 1000);
  in.list("last_n_by_size", [&limits](SettingsReader& item) {
    conference::SizeLimit limit;
    item.read_number<std::uint32_t>("participants", limit.participants, 0, 100'000);
    item.read_number<int>("last_n", limit.last_n, -1, 1000);
    item.finish();
    limits.last_n_by_size.push_back(limit);
  });
  std::ranges::sort(limits.last_n_by_size, {}, &conference::SizeLimit::participants);
  in.read_number<std::int64_t>("downlink_bitrate", limits.downlink_bitrate, 0, 1'000'000'000'000);
  conference::ChannelLimits& channel = limits.channel;
  in.read_number<double>("channel_messages_per_second", channel.messages_per_second, 1, 1e6);
  in.read_number<double>("channel_message_burst", channel.message_burst, 1, 1e6);
  in.read_number<double>("channel_bytes_per_second", channel.bytes_per_second, 1024, 1e9);
  in.read_number<double>("channel_byte_burst", channel.byte_burst, conference::kMaxMessageBytes, 1e9);
  in.finish();
}

void read_load(SettingsReader in, shard::LoadSettings& load) {
  in.read("shedding", load.shedding);
  in.read_number<double>("threshold", load.threshold, 0.05, 1);
  in.read_number<double>("recovery", load.recovery, 0, 1);
  in.read_number<double>("packets_per_second", load.packets_per_second, 0, 1e9);
  if (load.recovery >= load.threshold) in.complain("recovery", "is not below the threshold");
  in.finish();
}

void read_shutdown(SettingsReader in, Settings& settings) {
  in.read("http", settings.shutdown_by_http);
  in.read_number<std::int64_t>("participants", settings.shutdown.participants, 0, 1'000'000);
  std::int64_t longest = settings.shutdown.longest.count();
  std::int64_t farewell = settings.shutdown.farewell.count();
  in.read_number<std::int64_t>("longest_seconds", longest, 0, 30 * 24 * 3600);
  in.read_number<std::int64_t>("farewell_seconds", farewell, 0, 24 * 3600);
  settings.shutdown.longest = std::chrono::seconds(longest);
  settings.shutdown.farewell = std::chrono::seconds(farewell);
  in.finish();
}

}  // namespace

Result<Settings, SettingsError> load_settings(const std::string& file) {
  Settings settings;
  const std::vector<std::string> problems = read_settings(file, [&settings](SettingsReader& in) {
    read_xmpp(in.section("xmpp"), settings.xmpp);
    read_media(in.section("media"), settings.media);
    read_relay(in.section("relay"), settings.relay);
    SettingsReader http = in.section("http");
    http.read("address", settings.http.address);
    http.read_number<std::uint16_t>("port", settings.http.port, 0, 65535);
    http.finish();
    SettingsReader web_socket = in.section("websocket");
    web_socket.read("url", settings.web_socket_url);
    if (const std::string& url = settings.web_socket_url;
        !url.empty() && !url.starts_with("wss://") && !url.starts_with("ws://"))
      web_socket.complain("url", "must begin with wss:// or ws://");
    web_socket.finish();
    SettingsReader sctp = in.section("sctp");
    sctp.read("enabled", settings.sctp);
    sctp.finish();
    SettingsReader audio = in.section("audio");
    audio.read_number<std::uint16_t>("loudest", settings.audio.loudest, 0, 1000);
    audio.finish();
    in.read("region", settings.region);
    read_limits(in.section("limits"), settings.limits);
    read_load(in.section("load"), settings.load);
    in.read("drain", settings.drain);
    read_shutdown(in.section("shutdown"), settings);
    in.finish();
  });
  if (!problems.empty()) return fail(SettingsError{problems});
  return settings;
}

}  // namespace cloister::videobridge::app
