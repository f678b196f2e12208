#include "focus/app/settings.h"

#include <algorithm>
#include <map>

#include "base/socket_address.h"
#include "xmpp/jid.h"

namespace cloister::focus::app {
namespace {

void check_domain(SettingsReader& in, const std::string& key, const std::string& domain) {
  const auto jid = xmpp::Jid::parse(domain);
  if (!domain.empty() && !(jid && jid->local().empty() && jid->is_bare()))
    in.complain(key, "is not a domain name");
}

void read_domain(SettingsReader& in, const std::string& key, std::string& into) {
  in.require(key, into);
  check_domain(in, key, into);
}

void read_optional_domain(SettingsReader& in, const std::string& key, std::string& into) {
  in.read(key, into);
  check_domain(in, key, into);
}

void read_services(SettingsReader in, ServiceSettings& services) {
  read_optional_domain(in, "av_moderation", services.av_moderation);
  read_optional_domain(in, "end_conference", services.end_conference);
  read_optional_domain(in, "room_metadata", services.room_metadata);
  read_optional_domain(in, "speaker_stats", services.speaker_stats);
  read_optional_domain(in, "polls", services.polls);
  read_optional_domain(in, "breakout_rooms", services.breakout_rooms);
  in.finish();
}

void read_xmpp(SettingsReader in, XmppSettings& xmpp) {
  in.read("host", xmpp.host);
  in.read_number<std::uint16_t>("port", xmpp.port, 1, 65535);
  read_domain(in, "domain", xmpp.domain);
  in.read("user", xmpp.user);
  in.read_secret_file("password_file", xmpp.password);
  in.require("ca_file", xmpp.ca_file);
  in.finish();
}

void read_component(SettingsReader in, ComponentSettings& component) {
  in.read("host", component.host);
  in.read_number<std::uint16_t>("port", component.port, 1, 65535);
  read_domain(in, "domain", component.domain);
  in.read_secret_file("secret_file", component.secret);
  in.finish();
}

void read_domains(SettingsReader in, DomainSettings& domains) {
  read_domain(in, "main", domains.main);
  read_domain(in, "guest", domains.guest);
  read_domain(in, "muc", domains.muc);
  in.require("brewery", domains.brewery);
  const auto brewery = xmpp::Jid::parse(domains.brewery);
  if (!domains.brewery.empty() && !(brewery && brewery->is_bare() && !brewery->local().empty()))
    in.complain("brewery", "is not a room's address");
  in.finish();
}

void read_http(SettingsReader in, HttpSettings& http) {
  in.read("address", http.address);
  in.read_number<std::uint16_t>("port", http.port, 0, 65535);
  if (!SocketAddress::parse(http.address, 0)) in.complain("address", "is not an IP address");
  in.finish();
}

void read_seconds(SettingsReader& in, const std::string& key, Duration& into) {
  std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(into).count();
  in.read_number<std::int64_t>(key, seconds, 0, 86400);
  into = std::chrono::seconds(seconds);
}

void read_count(SettingsReader& in, const std::string& key, std::size_t& into, std::uint32_t most) {
  auto count = static_cast<std::uint32_t>(into);
  in.read_number<std::uint32_t>(key, count, 1, most);
  into = count;
}

void read_audio(SettingsReader in, room::OfferSettings& offer) {
  in.read("constant_bitrate", offer.constant_bitrate_audio);
  in.read("redundancy", offer.redundant_audio);
  in.finish();
}

void read_video(SettingsReader in, room::OfferSettings& offer) {
  using room::VideoCodec;
  static const std::map<std::string, VideoCodec> kNames{
      {"av1",  VideoCodec::av1 },
      {"vp9",  VideoCodec::vp9 },
      {"vp8",  VideoCodec::vp8 },
      {"h264", VideoCodec::h264}
  };
  std::vector<std::string> names;
  in.read("codecs", names);
  if (!names.empty()) offer.video_codecs.clear();
  for (const std::string& name : names) {
    const auto found = kNames.find(name);
    if (found == kNames.end()) {
      in.complain("codecs", "may list av1, vp9, vp8 and h264");
    } else if (std::ranges::find(offer.video_codecs, found->second) == offer.video_codecs.end()) {
      offer.video_codecs.push_back(found->second);
    }
  }
  in.finish();
}

void read_bridges(SettingsReader in, bridges::BridgeSettings& bridges) {
  bridges::SelectionSettings& selection = bridges.selection;
  std::string strategy = selection.strategy == bridges::Strategy::single ? "single" : "region_based";
  in.read("strategy", strategy);
  if (strategy != "single" && strategy != "region_based")
    in.complain("strategy", "is neither single nor region_based");
  selection.strategy = strategy == "single" ? bridges::Strategy::single : bridges::Strategy::region_based;
  in.read_number<double>("full_from_stress", selection.full_from, 0.01, 100);
  read_count(in, "max_participants", selection.max_participants, 100000);
  in.read("relays", selection.several_bridges);
  in.read("mixed_versions", selection.mixed_versions);
  in.read("local_region", selection.local_region);
  in.read("region_groups", selection.region_groups);
  in.read("health_by_presence", bridges.health_by_presence);
  in.read("leave_draining", bridges.leave_draining);
  in.read_number<double>("relieve_from_stress", bridges.relieve_from, 0, 100);
  in.finish();
}

void read_conference(SettingsReader in, room::RoomSettings& conference) {
  constexpr std::uint32_t kMany = 1000000;
  read_count(in, "min_participants", conference.min_participants, 1000);
  read_seconds(in, "single_participant_timeout_seconds", conference.single_participant_timeout);
  read_seconds(in, "initial_timeout_seconds", conference.initial_timeout);
  read_seconds(in, "owner_grace_seconds", conference.owner_grace);
  in.read("ssrc_rewriting", conference.ssrc_rewriting);
  in.read("json_sources", conference.json_sources);
  in.read("strip_simulcast", conference.strip_simulcast);
  read_count(in, "max_members", conference.max_members, 10000);
  read_count(in, "max_sources", conference.max_sources, 1000);
  read_count(in, "max_source_groups", conference.max_source_groups, 1000);
  read_count(in, "max_audio_senders", conference.max_audio_senders, kMany);
  read_count(in, "max_video_senders", conference.max_video_senders, kMany);
  SettingsReader offer = in.section("offer");
  offer.read("mid", conference.offer.mid);
  offer.read("video_orientation", conference.offer.video_orientation);
  offer.read("encrypt_audio_level", conference.offer.encrypt_audio_level);
  offer.finish();
  in.finish();
}

template <class T>
void read_word(SettingsReader& in, const std::string& key, T& into,
               std::initializer_list<std::pair<const char*, T>> words) {
  std::string word;
  in.read(key, word);
  if (word.empty()) return;
  for (const auto& [name, value] : words)
    if (word == name) {
      into = value;
      return;
    }
  in.complain(key, "is none of its words");
}

void read_hosts(SettingsReader in, rights::HostSettings& hosts) {
  using rights::Moderate;
  using rights::WhenGone;
  in.read("required", hosts.required);
  read_word(in, "moderate", hosts.moderate,
            {
                {"opener", Moderate::opener},
                {"all",    Moderate::all   }
  });
  read_word(in, "when_gone", hosts.when_gone,
            {
                {"stay", WhenGone::stay},
                {"end",  WhenGone::end }
  });
  read_seconds(in, "end_grace_seconds", hosts.end_grace);
  read_seconds(in, "session_life_seconds", hosts.session_life);
  in.finish();
}

void read_crowd(SettingsReader in, rights::CrowdSettings& crowd) {
  read_count(in, "joins", crowd.joins, 100'000);
  read_count(in, "networks", crowd.networks, 100'000);
  read_seconds(in, "window_seconds", crowd.window);
  read_count(in, "strict_percent", crowd.strict_percent, 100);
  read_seconds(in, "strict_seconds", crowd.strict);
  read_count(in, "most_participants", crowd.most, 10'000);
  read_count(in, "ban_joins", crowd.ban_joins, 100'000);
  read_seconds(in, "ban_seconds", crowd.ban);
  in.finish();
}

}  // namespace

Result<Settings, SettingsError> load_settings(const std::string& file) {
  Settings settings;
  const std::vector<std::string> problems = read_settings(file, [&settings](SettingsReader& in) {
    read_xmpp(in.section("xmpp"), settings.xmpp);
    read_component(in.section("component"), settings.component);
    read_domains(in.section("domains"), settings.domains);
    read_http(in.section("http"), settings.http);
    read_services(in.section("services"), settings.services);
    read_conference(in.section("conference"), settings.conference);
    read_audio(in.section("audio"), settings.conference.offer);
    read_video(in.section("video"), settings.conference.offer);
    read_bridges(in.section("bridges"), settings.bridges);
    read_crowd(in.section("crowd"), settings.conference.crowd);
    in.read("guard_socket", settings.guard_socket);
    read_hosts(in.section("hosts"), settings.conference.hosts);
    settings.conference.auto_owner = !settings.conference.hosts.required;
    in.finish();
  });
  if (!problems.empty()) return fail(SettingsError{problems});
  return settings;
}

}  // namespace cloister::focus::app
