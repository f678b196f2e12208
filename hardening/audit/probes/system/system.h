// The machine as probes see it: files below a root directory, read only, and what only a running system can
// tell (doors.h). Nothing else of the audit touches the machine. Every path is absolute and in the system's
// own terms: links are followed inside the root, whatever they point at. Contents and listings are remembered
// for the life of a System, so each is read once per run. One thread.
#pragma once

#include <sys/types.h>

#include <any>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "audit/model/observation.h"
#include "audit/probes/system/doors.h"
#include "base/result.h"

namespace cloister::audit::probes {

struct FileError {
  std::error_code code;
  std::string path;
  // Nothing is there, as opposed to: something may be there and cannot be read.
  bool absent() const;
};

// `absent` when nothing is there, else `unreadable` with path and reason as note.
model::Observation observation_of(const FileError& error);

struct FileStatus {
  enum class Type : std::uint8_t { regular, directory, link, other };
  Type type = Type::other;
  unsigned mode = 0;  // the twelve bits of permissions: 0…07777
  uid_t uid = 0;
  gid_t gid = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;      // seconds since 1970
  std::string mode_text() const;  // "0644", "4755"
};

enum class Follow : std::uint8_t { no, yes };  // a link at the path's end

class System {
public:
  static constexpr std::size_t kUsualLimit = 1024 * 1024;  // bytes of a file

  // An unpacked system, judged by what is stored of it.
  static Result<System, FileError> at(const std::string& root);
  // One that runs: the machine itself with root "/" and live_doors() of probes/live, or a test's.
  static Result<System, FileError> running(const std::string& root, Doors doors);

  System(System&&) noexcept;
  System& operator=(System&&) noexcept;
  ~System();

  bool is_live() const { return live_; }
  const Doors& doors() const { return doors_; }

  // A regular file's content; EFBIG when it is longer than `limit`, EINVAL when it is no regular file. The
  // view lives as long as the System.
  Result<std::string_view, FileError> read_file(const std::string& path,
                                                std::size_t limit = kUsualLimit) const;
  // The names in a folder, sorted, without "." and "..".
  Result<std::vector<std::string>, FileError> list(const std::string& path) const;
  Result<FileStatus, FileError> stat(const std::string& path, Follow follow = Follow::no) const;
  bool exists(const std::string& path) const { return stat(path, Follow::yes).has_value(); }
  Result<std::string, FileError> read_link(const std::string& path) const;
  // The paths that match, sorted; *, ? and [] as in glob(7), in every part. A pattern without them is itself,
  // when it exists. Folders that cannot be read match nothing.
  std::vector<std::string> glob(const std::string& pattern) const;

  // Something worked out from files, once per run: remember<Packages>("packages", [&] { return parse(…); }).
  template <class T, class Make>
  const T& remember(const std::string& name, Make make) const {
    auto found = remembered_.find(name);
    if (found == remembered_.end()) {
      // make() may itself remember: only then is the place looked for.
      auto made = std::make_shared<const T>(make());
      found = remembered_.emplace(name, std::any(std::move(made))).first;
    }
    return **std::any_cast<std::shared_ptr<const T>>(&found->second);
  }

  // A descriptor of the root folder, for file_walk.h.
  int root() const { return root_; }

private:
  System(int root, bool live, Doors doors);
  static Result<System, FileError> open(const std::string& root, bool live, Doors doors);
  Result<int, FileError> open_inside(const std::string& path, int flags) const;
  Result<std::string, FileError> read_now(const std::string& path, std::size_t limit) const;

  int root_ = -1;
  bool live_ = false;
  Doors doors_;
  mutable std::map<std::string, Result<std::string, FileError>> contents_;
  mutable std::map<std::string, std::any> remembered_;
};

}  // namespace cloister::audit::probes
