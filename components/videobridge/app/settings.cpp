#include "videobridge/app/settings.h"

#include "base/socket_address.h"
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
  if (media.port + media.shards > 65536) in.complain("port", "plus the number of shards passes 65535");
  in.finish();
}

}  // namespace

Result<Settings, SettingsError> load_settings(const std::string& file) {
  Settings settings;
  const std::vector<std::string> problems = read_settings(file, [&settings](SettingsReader& in) {
    read_xmpp(in.section("xmpp"), settings.xmpp);
    read_media(in.section("media"), settings.media);
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
    in.read("region", settings.region);
    in.finish();
  });
  if (!problems.empty()) return fail(SettingsError{problems});
  return settings;
}

}  // namespace cloister::videobridge::app
