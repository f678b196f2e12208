#include "audit/probes/access/sshd_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 32> kDefaults{
    {
     {"allowagentforwarding", "yes"},
     {"allowstreamlocalforwarding", "yes"},
     {"allowtcpforwarding", "yes"},
     {"banner", "none"},
     {"ciphers",
         "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@"
         "openssh.com"},
     {"clientalivecountmax", "3"},
     {"clientaliveinterval", "0"},
     {"compression", "yes"},
     {"disableforwarding", "no"},
     {"gatewayports", "no"},
     {"gssapiauthentication", "no"},
     {"hostbasedauthentication", "no"},
     {"ignorerhosts", "yes"},
     {"ignoreuserknownhosts", "no"},
     {"kbdinteractiveauthentication", "yes"},
     {"kerberosauthentication", "no"},
     {"kexalgorithms",
         "sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-"
         "nistp256,"
         "ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-"
         "sha512,"
         "diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"},
     {"logingracetime", "120"},
     {"loglevel", "INFO"},
     {"macs",
         "umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@"
         "openssh.com,"
         "hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,"
         "hmac-sha1"},
     {"maxauthtries", "6"},
     {"maxsessions", "10"},
     {"maxstartups", "10:30:100"},
     {"passwordauthentication", "yes"},
     {"permitemptypasswords", "no"},
     {"permitrootlogin", "prohibit-password"},
     {"permittunnel", "no"},
     {"permituserenvironment", "no"},
     {"pubkeyauthentication", "yes"},
     {"strictmodes", "yes"},
     {"usepam", "no"},
     {"x11forwarding", "no"},
     }
};

bool among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// "1h30m" → "5400" (sshd_config(5), TIME FORMATS); what is no time stays as it is.
std::string seconds_of(std::string_view text) {
  constexpr std::string_view kUnits = "smhdw";
  constexpr std::array<long long, 5> kSeconds = {1, 60, 3600, 86400, 604800};
  long long total = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const auto count = number(rest.substr(0, digits));
    if (!count || *count > 1'000'000'000) return std::string(text);
    rest.remove_prefix(digits);
    std::size_t unit = 0;
    if (!rest.empty()) {
      unit = kUnits.find(lower(rest.substr(0, 1)));
      if (unit == std::string_view::npos) return std::string(text);
      rest.remove_prefix(1);
    }
    total += *count * kSeconds[unit];
  }
  return text.empty() ? std::string(text) : std::to_string(total);
}

// A pattern of algorithms knows * and ?. Only the last * is ever tried again, so that no pattern takes long.
bool fits(std::string_view pattern, std::string_view word) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  for (std::size_t i = 0; i < word.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == word[i])) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

// "+a,b" adds to the default, "-a*" takes from it, "^a" puts to its front.
std::string algorithms_of(std::string_view text, std::string_view usual) {
  const char sign = text.empty() ? '\0' : text.front();
  if (sign != '+' && sign != '-' && sign != '^') return std::string(text);
  const Words given = words_of(text.substr(1), ",");
  Words all = words_of(usual, ",");
  if (sign == '-') {
    std::erase_if(all, [&](std::string_view word) {
      return std::ranges::any_of(given, [&](std::string_view pattern) { return fits(pattern, word); });
    });
  } else {
    std::erase_if(all, [&](std::string_view word) { return std::ranges::count(given, word) > 0; });
    all.insert(sign == '+' ? all.end() : all.begin(), given.begin(), given.end());
  }
  return fmt::format("{}", fmt::join(all, ","));
}

}  // namespace

std::optional<std::string_view> sshd_default(std::string_view keyword) {
  for (const auto& [name, value] : kDefaults)
    if (name == keyword) return value;
  return std::nullopt;
}

std::string canonical_sshd_value(std::string_view keyword, const std::vector<std::string>& arguments) {
  const std::string joined = fmt::format("{}", fmt::join(arguments, " "));
  if (among(keyword, {"logingracetime", "clientaliveinterval"})) return seconds_of(joined);
  if (among(keyword, {"ciphers", "macs", "kexalgorithms"}))
    return algorithms_of(joined, sshd_default(keyword).value_or(""));
  if (keyword == "maxstartups" && number(joined)) return fmt::format("{0}:100:{0}", joined);
  if (keyword == "loglevel")
    return lower(joined) == "info" ? "INFO" : lower(joined) == "verbose" ? "VERBOSE" : joined;
  if (keyword == "banner") return lower(joined) == "none" ? "none" : joined;
  const std::string word = lower(joined);
  if (word == "without-password") return "prohibit-password";
  if (among(word, {"true", "yes"})) return "yes";
  if (among(word, {"false", "no"})) return "no";
  return sshd_default(keyword) && !is_sshd_list(keyword) ? word : joined;
}

bool is_sshd_list(std::string_view keyword) {
  return among(keyword, {"acceptenv", "allowgroups", "allowusers", "denygroups", "denyusers", "hostkey",
                         "listenaddress", "port"});
}

}  // namespace cloister::audit::probes
