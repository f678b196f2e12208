#include "audit/probes/software/unit_files.h"

#include <fmt/core.h>

#include <array>

#include "audit/probes/files/paths.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr std::array kFolders{"/etc/systemd/system",        "/run/systemd/system",
                              "/run/systemd/generator",     "/usr/local/lib/systemd/system",
                              "/usr/lib/systemd/system",    "/lib/systemd/system",
                              "/run/systemd/generator.late"};

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_generated(const std::string& path) { return path.starts_with("/run/systemd/generator"); }

// Is there a link of this name in NAME.wants or NAME.requires of that folder?
bool is_wanted(const System& system, const std::string& folder, const std::string& name) {
  return !system.glob(folder + "/*.wants/" + name).empty() ||
         !system.glob(folder + "/*.requires/" + name).empty();
}

// A link of another name in /etc that leads to this unit: what Alias= makes when it is enabled.
bool has_alias(const System& system, const std::string& folder, const std::string& name) {
  const auto names = system.list(folder);
  if (!names) return false;
  for (const std::string& each : *names) {
    const auto target = system.read_link(folder + "/" + each);
    if (target && each != name && base_name(*target) == name) return true;
  }
  return false;
}

// A link that is made when the unit is enabled dangles until then: it is looked for without being followed.
bool is_enabled_in(const System& system, const std::string& folder, const std::string& name) {
  return is_wanted(system, folder, name) || has_alias(system, folder, name);
}

// "cloister-gate.service" → "service.d", "cloister-.service.d", "cloister-gate.service.d"
std::vector<std::string> drop_in_folders(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return {name + ".d"};
  const std::string type = name.substr(dot);
  std::vector<std::string> folders = {type.substr(1) + ".d"};
  for (std::size_t dash = name.find('-'); dash != std::string::npos && dash + 1 < dot;
       dash = name.find('-', dash + 1))
    folders.push_back(name.substr(0, dash + 1) + type + ".d");
  folders.push_back(name + ".d");
  return folders;
}

// A path at the end of a line of /proc/net/unix, or a port in a line of /proc/net/tcp or udp
// ("0100007F:0277").
bool has_word_ending_with(const System& system, const char* table, const std::string& ending) {
  const auto text = system.read_file(table);
  if (!text) return false;
  for (const Line& line : lines_of(*text, "")) {
    const auto words = words_of(line.text);
    for (std::size_t i = 1; i < words.size(); ++i)
      if (words[i].ends_with(ending)) return i == 1 || ending.front() == '/';
  }
  return false;
}

// ListenStream= and its like: a path, a port, or an address with a port.
bool is_listening_at(const System& system, const std::string& place) {
  if (place.starts_with('/')) return has_word_ending_with(system, "/proc/net/unix", place);
  const auto port = number(std::string_view(place).substr(place.rfind(':') + 1));
  if (!port || *port < 0 || *port > 0xffff) return false;
  const std::string ending = fmt::format(":{:04X}", *port);
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6"})
    if (has_word_ending_with(system, table, ending)) return true;
  return false;
}

bool is_listening(const System& system, const UnitFile& unit) {
  for (const UnitLine& line : unit_lines(system, unit))
    if (line.section == "Socket" && line.key.starts_with("Listen") && is_listening_at(system, line.value))
      return true;
  return false;
}

void append(const System& system, const std::string& path, std::vector<UnitLine>& lines) {
  const auto text = system.read_file(path);
  if (!text) return;
  for (UnitLine& line : parse_unit(*text)) lines.push_back(std::move(line));
}

}  // namespace

std::optional<UnitFile> find_unit(const System& system, const std::string& name) {
  for (const char* const folder : kFolders) {
    const std::string path = std::string(folder) + "/" + name;
    const auto target = system.read_link(path);
    if (target && *target == "/dev/null") return UnitFile{name, path, true};
    const auto status = system.stat(path, Follow::yes);
    if (!status) continue;
    if (status->type == FileStatus::Type::regular && status->size == 0) return UnitFile{name, path, true};
    const std::string real = target ? base_name(*target) : name;
    if (real != name && real.find('@') == std::string::npos) return find_unit(system, real);
    return UnitFile{name, path, false};
  }
  return std::nullopt;
}

bool has_enabled_script(const System& system, const std::string& name) {
  constexpr std::string_view kSuffix = ".service";
  if (!name.ends_with(kSuffix)) return false;
  const std::string script = name.substr(0, name.size() - kSuffix.size());
  return system.exists("/etc/init.d/" + script) &&
         !system.glob("/etc/rc[2-5].d/S[0-9][0-9]" + script).empty();
}

std::string enabled_state(const System& system, const UnitFile& unit) {
  if (unit.masked) return "masked";
  if (is_enabled_in(system, "/etc/systemd/system", unit.name)) return "enabled";
  if (is_enabled_in(system, "/run/systemd/system", unit.name)) return "enabled-runtime";
  if (is_generated(unit.path)) return has_enabled_script(system, unit.name) ? "enabled" : "generated";
  for (const UnitLine& line : unit_lines(system, unit))
    if (line.section == "Install") return "disabled";
  return "static";
}

std::optional<bool> is_active(const System& system, const UnitFile& unit) {
  if (unit.name.ends_with(".socket")) return is_listening(system, unit);
  if (!unit.name.ends_with(".service")) return std::nullopt;
  if (system.read_link("/run/systemd/units/invocation:" + unit.name)) return true;
  const auto processes = system.read_file("/sys/fs/cgroup/system.slice/" + unit.name + "/cgroup.procs");
  return processes && !processes->empty();
}

std::vector<UnitLine> parse_unit(std::string_view text) {
  std::vector<UnitLine> lines;
  std::string section;
  std::string whole;
  for (const Line& line : lines_of(text, "#;")) {
    whole += line.text;
    if (whole.ends_with('\\')) {
      whole.back() = ' ';
      continue;
    }
    if (whole.starts_with('[') && whole.ends_with(']')) {
      section = whole.substr(1, whole.size() - 2);
    } else if (const auto parts = split_at(whole, '='); parts) {
      lines.push_back({section, std::string(parts->first), std::string(parts->second)});
    }
    whole.clear();
  }
  return lines;
}

std::vector<UnitLine> unit_lines(const System& system, const UnitFile& unit) {
  std::vector<UnitLine> lines;
  if (unit.masked) return lines;
  append(system, unit.path, lines);
  for (const std::string& drop_ins : drop_in_folders(unit.name)) {
    std::vector<std::string> folders;
    for (const char* const folder : kFolders) folders.push_back(std::string(folder) + "/" + drop_ins);
    for (const std::string& path : merged_folders(system, folders, ".conf")) append(system, path, lines);
  }
  return lines;
}

}  // namespace cloister::audit::probes
