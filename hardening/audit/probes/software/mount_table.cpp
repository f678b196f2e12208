#include "audit/probes/software/mount_table.h"

#include <algorithm>

#include "audit/probes/software/unit_files.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

// fstab(5): blanks, tabs, newlines and backslashes are written as three octal digits.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code =
        text[i] == '\\' && i + 3 < text.size() ? number(text.substr(i + 1, 3), 8) : std::nullopt;
    if (code && *code > 0 && *code < 256) {
      plain += static_cast<char>(*code);
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

void put(std::vector<Mount>& mounts, Mount mount) {
  std::erase_if(mounts, [&](const Mount& each) { return each.point == mount.point; });
  mounts.push_back(std::move(mount));
}

// The words behind the lone "-": type, source, options of the filesystem.
std::string filesystem_options(const std::vector<std::string_view>& words) {
  const auto dash = std::ranges::find(words, std::string_view("-"));
  return words.end() - dash > 3 ? std::string(dash[3]) : std::string();
}

// systemd's mount-setup: what it mounts before anything else, whether or not somebody asks.
std::optional<Mount> mounted_by_systemd(const std::string& point) {
  if (point == "/dev/shm") return Mount{point, "rw,nosuid,nodev,strictatime"};
  if (point == "/run") return Mount{point, "rw,nosuid,nodev,strictatime"};
  return std::nullopt;
}

bool starts(const System& system, const UnitFile& unit) {
  if (unit.masked) return false;
  const std::string state = enabled_state(system, unit);
  return state == "enabled" || state == "enabled-runtime" ||
         !system.glob("/usr/lib/systemd/system/*.wants/" + unit.name).empty();
}

std::optional<Mount> by_unit(const System& system, const std::string& point) {
  const auto unit = find_unit(system, mount_unit_name(point));
  if (!unit || !starts(system, *unit)) return std::nullopt;
  Mount mount{point, "defaults"};
  for (const UnitLine& line : unit_lines(system, *unit))
    if (line.section == "Mount" && line.key == "Options") mount.options = line.value;
  return mount;
}

}  // namespace

std::vector<Mount> parse_mountinfo(std::string_view text) {
  std::vector<Mount> mounts;
  for (const Line& line : lines_of(text, "")) {
    const auto words = words_of(line.text);
    if (words.size() < 6) continue;
    std::string options(words[5]);
    if (const std::string more = filesystem_options(words); !more.empty()) options += "," + more;
    put(mounts, {unescaped(words[4]), options});
  }
  return mounts;
}

std::vector<Mount> parse_fstab(std::string_view text) {
  std::vector<Mount> mounts;
  for (const Line& line : lines_of(text)) {
    const auto words = words_of(line.text);
    if (words.size() >= 4 && words[2] != "swap") put(mounts, {unescaped(words[1]), std::string(words[3])});
  }
  return mounts;
}

std::string mount_unit_name(std::string_view point) {
  std::string name;
  for (const std::string_view part : words_of(point, "/")) {
    if (!name.empty()) name += '-';
    for (const char c : part) {
      if (c == '-')
        name += "\\x2d";
      else
        name += c;
    }
  }
  return (name.empty() ? "-" : name) + ".mount";
}

const Mount* find_mount(const std::vector<Mount>& mounts, std::string_view point) {
  const auto found = std::ranges::find(mounts, point, &Mount::point);
  return found != mounts.end() ? &*found : nullptr;
}

std::optional<Mount> configured_mount(const System& system, const std::string& point) {
  if (const auto unit = find_unit(system, mount_unit_name(point)); unit && unit->masked) return std::nullopt;
  if (const auto fstab = system.read_file("/etc/fstab"); fstab) {
    const auto mounts = parse_fstab(*fstab);
    if (const Mount* const found = find_mount(mounts, point)) return *found;
  }
  if (auto mount = by_unit(system, point); mount) return mount;
  return mounted_by_systemd(point);
}

}  // namespace cloister::audit::probes
