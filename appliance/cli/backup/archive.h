// What a backup holds, as one value ↔ bytes. The bytes are sealed before they reach a disk (sealed.h); yet
// nothing in them is believed: a file that somebody made reaches this reader by its own passphrase.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::cli::backup {

struct Entry {
  enum class Kind : std::uint8_t { file = 0, folder = 1, link = 2, database = 3 };
  Kind kind = Kind::file;
  std::uint16_t mode = 0;  // permissions
  std::string owner;       // by name: numbers differ from machine to machine
  std::string group;
  std::string path;     // absolute, without "." or ".."
  std::string content;  // of a file or database; of a link, the name beside it that it leads to
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct Archive {
  std::int64_t made = 0;  // seconds since 1970
  std::string host;       // the server's public name
  std::vector<Entry> entries;
  friend bool operator==(const Archive&, const Archive&) = default;
};

enum class ArchiveError : std::uint8_t {
  truncated,
  bytes_left,
  too_many,  // more than kMostEntries
  unknown_kind,
  bad_mode,
  bad_name,  // of an owner or group
  bad_path,  // not absolute, or not in its shortest form
  twice,     // a path
  bad_link,  // leads out of its folder
};

inline constexpr std::size_t kMostEntries = 10'000;

Result<Archive, ArchiveError> parse_archive(Bytes bytes);
// The caller wipes it.
std::string write_archive(const Archive& archive);

// "/etc/cloister/gate.yaml": begins with a slash, and no part of it is empty, "." or "..".
bool is_plain_path(std::string_view path);

}  // namespace cloister::cli::backup
