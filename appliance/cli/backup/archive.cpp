#include "cli/backup/archive.h"

#include <algorithm>
#include <array>
#include <set>

namespace cloister::cli::backup {
namespace {

constexpr std::uint16_t kAllPermissions = 07777;
constexpr std::size_t kLongestName = 32;    // of users: useradd(8)
constexpr std::size_t kLongestPath = 4095;  // PATH_MAX without its end

// Grows as it is written to. Lengths are 64 bits wide: an archive is small, and no text is too long.
class Writer {
public:
  Writer& number(std::uint64_t value) {
    std::array<std::byte, 8> bytes;
    ByteWriter(bytes).u64(value);
    out_ += as_text(bytes);
    return *this;
  }
  Writer& text(std::string_view value) {
    number(value.size());
    out_ += value;
    return *this;
  }
  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

std::string read_text(ByteReader& in) {
  const std::uint64_t size = in.u64();
  // An announcement beyond what is left turns the reader bad, and allocates nothing.
  return std::string(as_text(in.take(size > in.left() ? in.left() + 1 : static_cast<std::size_t>(size))));
}

bool is_user_name(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= kLongestName &&
         name.find_first_not_of(kLetters) == std::string_view::npos;
}

bool is_neighbour(std::string_view target) {
  return !target.empty() && target != "." && target != ".." && target.size() <= 255 &&
         target.find('/') == std::string_view::npos && target.find('\0') == std::string_view::npos;
}

Result<Entry, ArchiveError> read_entry(ByteReader& in) {
  const std::uint64_t kind = in.u64(), mode = in.u64();
  Entry out;
  out.owner = read_text(in);
  out.group = read_text(in);
  out.path = read_text(in);
  out.content = read_text(in);
  if (!in.ok()) return fail(ArchiveError::truncated);
  if (kind > static_cast<std::uint64_t>(Entry::Kind::database)) return fail(ArchiveError::unknown_kind);
  if (mode > kAllPermissions) return fail(ArchiveError::bad_mode);
  out.kind = static_cast<Entry::Kind>(kind);
  out.mode = static_cast<std::uint16_t>(mode);
  if (!is_user_name(out.owner) || !is_user_name(out.group)) return fail(ArchiveError::bad_name);
  if (!is_plain_path(out.path)) return fail(ArchiveError::bad_path);
  if (out.kind == Entry::Kind::link && !is_neighbour(out.content)) return fail(ArchiveError::bad_link);
  return out;
}

}  // namespace

bool is_plain_path(std::string_view path) {
  if (path.size() < 2 || path.size() > kLongestPath || path.front() != '/') return false;
  if (path.find('\0') != std::string_view::npos) return false;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    path.remove_prefix(part.size());
  }
  return true;
}

Result<Archive, ArchiveError> parse_archive(Bytes bytes) {
  ByteReader in(bytes);
  Archive out;
  out.made = static_cast<std::int64_t>(in.u64());
  out.host = read_text(in);
  const std::uint64_t count = in.u64();
  if (!in.ok()) return fail(ArchiveError::truncated);
  if (count > kMostEntries) return fail(ArchiveError::too_many);
  std::set<std::string_view> paths;
  out.entries.reserve(static_cast<std::size_t>(count));  // so that the views stay
  for (std::uint64_t i = 0; i < count; ++i) {
    auto entry = read_entry(in);
    if (!entry) return fail(entry.error());
    out.entries.push_back(std::move(*entry));
    if (!paths.insert(out.entries.back().path).second) return fail(ArchiveError::twice);
  }
  if (in.left() != 0) return fail(ArchiveError::bytes_left);
  return out;
}

std::string write_archive(const Archive& archive) {
  Writer out;
  out.number(static_cast<std::uint64_t>(archive.made)).text(archive.host).number(archive.entries.size());
  for (const auto& [kind, mode, owner, group, path, content] : archive.entries)
    out.number(static_cast<std::uint64_t>(kind))
        .number(mode)
        .text(owner)
        .text(group)
        .text(path)
        .text(content);
  return out.take();
}

}  // namespace cloister::cli::backup
