#include "firewall/policy/settings.h"

#include <fmt/core.h>
#include <pwd.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace cloister::firewall::policy {
namespace {

constexpr std::size_t kLongestName = 24;
constexpr std::size_t kMostEntries = 256;

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "443" or "10000-10003".
std::optional<PortRange> parse_ports(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_number<std::uint16_t>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : parse_number<std::uint16_t>(text.substr(dash + 1));
  if (!first || !last || *first == 0 || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

// A list of words, each turned into a value or complained about.
template <class T, class Parse>
void read_each(SettingsReader& in, const std::string& key, std::vector<T>& into, const char* what,
               Parse parse) {
  std::vector<std::string> words;
  in.read(key, words);
  if (words.size() > kMostEntries) return in.complain(key, "has more than 256 entries");
  for (const std::string& word : words) {
    if (const auto value = parse(word)) {
      into.push_back(*value);
    } else {
      in.complain(key, fmt::format("\"{}\" is {}", word, what));
    }
  }
}

void read_port_list(SettingsReader& in, const std::string& key, std::vector<PortRange>& into) {
  read_each(in, key, into, "neither a port (1…65535) nor a range like 10000-10003", parse_ports);
}

void read_networks(SettingsReader& in, const std::string& key, std::vector<Prefix>& into) {
  read_each(in, key, into, "not a network like 192.0.2.0/24 or 2001:db8::/32", Prefix::parse);
}

std::optional<std::uint32_t> user_number(const std::string& word, const FindUser& find) {
  if (const auto number = parse_number<std::uint32_t>(word)) return number;
  return find(word);
}

void read_name(SettingsReader& in, std::string& name, std::set<std::string>& taken) {
  in.require("name", name);
  const bool fits = std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!fits || name.empty() || name.size() > kLongestName) {
    in.complain("name", fmt::format("must be 1…{} of a-z, 0-9 and -", kLongestName));
  } else if (!taken.insert(name).second) {
    in.complain("name", fmt::format("\"{}\" stands here twice", name));
  }
}

void read_transport(SettingsReader& in, Transport& transport) {
  std::string word;
  in.require("protocol", word);
  if (word == "udp") {
    transport = Transport::udp;
  } else if (word != "tcp" && !word.empty()) {
    in.complain("protocol", "is neither tcp nor udp");
  }
}

void read_family(SettingsReader& in, std::optional<IpFamily>& family) {
  std::string word = "both";
  in.read("family", word);
  if (word == "ipv4") family = IpFamily::v4;
  if (word == "ipv6") family = IpFamily::v6;
  if (!family && word != "both") in.complain("family", "is none of ipv4, ipv6, both");
}

void read_counts(SettingsReader& in, Rate& rate, Transport transport) {
  std::string word = transport == Transport::tcp ? "connections" : "packets";
  in.read("counts", word);
  rate.counts = word == "packets" ? Rate::Counts::packets : Rate::Counts::connections;
  if (word != "packets" && word != "connections") in.complain("counts", "is neither connections nor packets");
}

void read_per(SettingsReader& in, std::chrono::seconds& per) {
  std::string word = "second";
  in.read("per", word);
  if (word == "minute") per = std::chrono::minutes(1);
  if (word == "hour") per = std::chrono::hours(1);
  if (word != "second" && word != "minute" && word != "hour")
    in.complain("per", "is none of second, minute, hour");
}

std::optional<Rate> read_rate(SettingsReader& outer, Transport transport) {
  std::optional<Rate> rate;
  SettingsReader in = outer.section("rate");
  std::uint32_t count = 0;
  in.read_number<std::uint32_t>("count", count, 1, 10'000'000);
  if (count != 0) {
    rate.emplace();
    rate->count = count;
    rate->burst = 2 * count;
    in.read_number<std::uint32_t>("burst", rate->burst, 1, 10'000'000);
    in.read_number<std::uint32_t>("sources", rate->sources, 16, 1'048'576);
    read_per(in, rate->per);
    read_counts(in, *rate, transport);
  }
  in.finish();
  return rate;
}

void read_services(SettingsReader& in, std::vector<Service>& into) {
  std::set<std::string> names;
  in.list("input", [&](SettingsReader& item) {
    Service service;
    read_name(item, service.name, names);
    read_transport(item, service.transport);
    read_port_list(item, "ports", service.ports);
    if (service.ports.empty()) item.complain("ports", "names no port");
    read_family(item, service.family);
    read_networks(item, "sources", service.sources);
    service.rate = read_rate(item, service.transport);
    item.finish();
    into.push_back(std::move(service));
  });
}

void read_outgoing(SettingsReader& in, std::vector<Outgoing>& into, const FindUser& find) {
  std::set<std::string> names;
  in.list("output", [&](SettingsReader& item) {
    Outgoing out;
    read_name(item, out.name, names);
    read_transport(item, out.transport);
    read_port_list(item, "ports", out.ports);
    read_port_list(item, "from_ports", out.from_ports);
    read_networks(item, "to", out.to);
    read_family(item, out.family);
    std::string user;
    item.read("user", user);
    if (!user.empty()) {
      out.user = user_number(user, find);
      if (!out.user) item.complain("user", fmt::format("\"{}\" is no user of this machine", user));
    }
    if (!out.user && out.ports.empty() && out.from_ports.empty() && out.to.empty())
      item.complain("ports", "must be named where no user, from_ports or to is");
    item.finish();
    into.push_back(std::move(out));
  });
}

void read_seconds(SettingsReader& in, const std::string& key, std::chrono::seconds& into, std::int64_t most) {
  std::int64_t seconds = into.count();
  in.read_number<std::int64_t>(key, seconds, 1, most);
  into = std::chrono::seconds(seconds);
}

void read_rest(SettingsReader& in, Settings& settings, const FindUser& find) {
  read_seconds(in, "confirm_within_seconds", settings.confirm_within, 3600);
  read_each(in, "clients", settings.clients, "no user of this machine",
            [&](const std::string& word) { return user_number(word, find); });
  SettingsReader ping = in.section("ping");
  ping.read("answered", settings.ping.answered);
  ping.read_number<std::uint32_t>("per_second", settings.ping.per_second, 1, 100'000);
  ping.finish();
  SettingsReader bans = in.section("bans");
  bans.read_number<std::uint32_t>("size", settings.bans.size, 16, 1'048'576);
  read_seconds(bans, "longest_seconds", settings.bans.longest, 30 * 86400);
  read_networks(bans, "never", settings.bans.never);
  bans.finish();
}

}  // namespace

std::optional<std::uint32_t> find_user(const std::string& name) {
  const passwd* entry = getpwnam(name.c_str());
  return entry ? std::optional<std::uint32_t>(entry->pw_uid) : std::nullopt;
}

Result<Settings, SettingsError> load_settings(const std::string& file, const FindUser& find) {
  Settings settings;
  const std::vector<std::string> problems = read_settings(file, [&](SettingsReader& in) {
    read_services(in, settings.input);
    read_outgoing(in, settings.output, find);
    read_rest(in, settings, find);
    in.finish();
  });
  if (!problems.empty()) return fail(SettingsError{problems});
  return settings;
}

}  // namespace cloister::firewall::policy
