// Evidence in the settings of the services that people meet.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "cli/report/config_text.h"
#include "cli/report/evidence.h"

namespace cloister::cli::report {
namespace {

using Words = std::vector<std::string>;

Evidence unreadable(const audit::probes::FileError& error) {
  return unknown(fmt::format("{} cannot be read: {}", error.path, error.code.message()));
}

std::string joined(const Words& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<Words> named(const std::vector<Words>& all, std::string_view name) {
  std::vector<Words> out;
  std::ranges::copy_if(all, std::back_inserter(out),
                       [name](const Words& one) { return one.front() == name; });
  return out;
}

bool is_silent(const Words& error_log) {
  if (error_log.size() > 1 && error_log[1] == "/dev/null") return true;
  return error_log.size() > 2 && error_log[1] == "stderr" &&
         (error_log[2] == "crit" || error_log[2] == "emerg");
}

long seconds(const std::string& text) {
  long out = -1;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// What is said of the XMPP server's settings: every value of `name` is `wanted`, and there is one.
Evidence all_are(const Subject& subject, const char* name, const std::string& wanted) {
  const std::string& file = subject.installation.files.prosody;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  const auto values = lua_values(*text, name);
  if (values.empty()) return contradicted(fmt::format("{} does not set {}", file, name));
  for (const std::string& value : values)
    if (value != wanted) return contradicted(fmt::format("{}: {} = {}", file, name, value));
  return holds(fmt::format("{}: {} = {}", file, name, wanted));
}

}  // namespace

Evidence web_server_writes_no_log(const Subject& subject) {
  const std::string& file = subject.installation.files.nginx;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  const auto directives = nginx_directives(*text);
  const auto access = named(directives, "access_log");
  const auto errors = named(directives, "error_log");
  if (access.empty()) return contradicted(fmt::format("{} does not switch access_log off", file));
  for (const Words& one : access)
    if (one.size() < 2 || one[1] != "off") return contradicted(fmt::format("{}: {}", file, joined(one)));
  if (errors.empty()) return contradicted(fmt::format("{} does not set error_log", file));
  for (const Words& one : errors)
    if (!is_silent(one)) return contradicted(fmt::format("{}: {}", file, joined(one)));
  return holds(fmt::format("{}: access_log off, {}", file, joined(errors.front())));
}

Evidence xmpp_server_writes_no_log(const Subject& subject) { return all_are(subject, "log", "{}"); }

Evidence relay_writes_no_log(const Subject& subject) {
  if (!subject.installation.relay.enabled) return holds("there is no relay (relay.enabled)");
  const std::string& file = subject.installation.files.relay;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  const std::string log = last_value(*text, "log-file");
  if (log != "/dev/null")
    return contradicted(fmt::format("{}: log-file={}", file, log.empty() ? "(its own)" : log));
  // Without simple-log it adds the date to the file's name, and falls back to /var/log or /var/tmp.
  for (const char* option : {"no-stdout-log", "simple-log"})
    if (fmt::format("\n{}", *text).find(fmt::format("\n{}", option)) == std::string::npos)
      return contradicted(fmt::format("{} has no {}", file, option));
  return holds(fmt::format("{}: no-stdout-log, simple-log, log-file=/dev/null", file));
}

Evidence rooms_live_in_memory(const Subject& subject) {
  if (const Evidence store = all_are(subject, "default_storage", "\"memory\"");
      store.verdict != Evidence::Verdict::holds)
    return store;
  return all_are(subject, "muc_room_allow_persistent", "false");
}

Evidence chat_is_not_kept(const Subject& subject) {
  const std::string& file = subject.installation.files.prosody;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  const std::string code = without_lua_comments(*text);
  for (const char* module : {"\"mam\"", "\"muc_mam\"", "\"offline\""}) {
    const std::size_t at = code.find(module);
    if (at == std::string::npos) continue;
    const std::size_t line = code.rfind('\n', at) + 1;
    if (code.compare(line, 16, "modules_disabled") != 0)
      return contradicted(fmt::format("{} loads {}", file, module));
  }
  return all_are(subject, "max_history_messages", "0");
}

Evidence nothing_is_recorded(const Subject& subject) {
  for (const std::string& file : {subject.installation.files.prosody, subject.installation.files.focus}) {
    const auto text = subject.system.read_file(file);
    if (!text) return unreadable(text.error());
    for (const char* word : {"jibri", "jigasi", "transcri", "recorder"})
      if (without_lua_comments(*text).find(word) != std::string::npos)
        return contradicted(fmt::format("{} speaks of {}", file, word));
  }
  return holds("neither the XMPP server's nor the focus's settings know a recorder or a transcriber");
}

Evidence nobody_else_is_asked(const Subject& subject) {
  const machine::FileSettings& files = subject.installation.files;
  const auto web = subject.system.read_file(files.web);
  if (!web) return unreadable(web.error());
  if (web->find("disableThirdPartyRequests: true") == std::string_view::npos)
    return contradicted(files.web + " does not set disableThirdPartyRequests");
  const auto nginx = subject.system.read_file(files.nginx);
  if (!nginx) return unreadable(nginx.error());
  for (const Words& one : named(nginx_directives(*nginx), "add_header"))
    if (one.size() > 2 && one[1] == "Content-Security-Policy") {
      const bool closed = one[2].find("default-src 'none'") != std::string::npos &&
                          one[2].find("connect-src 'self';") != std::string::npos;
      if (!closed) return contradicted(fmt::format("{}: the page may ask others: {}", files.nginx, one[2]));
      return holds(
          fmt::format("{}: connect-src 'self'; {}: disableThirdPartyRequests", files.nginx, files.web));
    }
  return contradicted(files.nginx + " sends no Content-Security-Policy");
}

Evidence addresses_are_not_shown(const Subject& subject) {
  const std::string& file = subject.installation.files.web;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  if (text->find("p2p: { enabled: false") == std::string_view::npos)
    return contradicted(file + " does not switch p2p off");
  return holds(file + ": p2p: { enabled: false");
}

Evidence connections_are_encrypted(const Subject& subject) {
  const std::string& file = subject.installation.files.nginx;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  const auto protocols = named(nginx_directives(*text), "ssl_protocols");
  if (protocols.empty()) return contradicted(file + " does not set ssl_protocols");
  for (const Words& one : protocols)
    for (const std::string& word : one)
      if (word == "SSLv3" || word == "TLSv1" || word == "TLSv1.1")
        return contradicted(fmt::format("{}: {}", file, joined(one)));
  return holds(fmt::format("{}: {}", file, joined(protocols.front())));
}

Evidence vanished_are_forgotten(const Subject& subject) {
  const std::string& file = subject.installation.files.prosody;
  const auto text = subject.system.read_file(file);
  if (!text) return unreadable(text.error());
  const auto values = lua_values(*text, "smacks_hibernation_time");
  if (values.empty()) return contradicted(file + " does not set smacks_hibernation_time");
  for (const std::string& value : values)
    if (seconds(value) < 0 || seconds(value) > 300)
      return contradicted(fmt::format("{}: smacks_hibernation_time = {}", file, value));
  return holds(fmt::format("{}: smacks_hibernation_time = {}", file, values.front()));
}

}  // namespace cloister::cli::report
