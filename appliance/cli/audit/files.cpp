#include "cli/audit/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace cloister::cli::audit {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string, std::error_code> read_whole_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return fail(error);
  if (size > kLongestFile) return fail(std::make_error_code(std::errc::file_too_large));
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(last_error());
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

Result<void, std::error_code> write_own_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fail(last_error());
  const bool written = write_all(file, text);
  const std::error_code why = written ? std::error_code{} : last_error();
  if (::close(file) != 0 || !written || ::rename(beside.c_str(), path.c_str()) != 0) {
    const std::error_code error = why ? why : last_error();
    ::unlink(beside.c_str());
    return fail(error);
  }
  return {};
}

}  // namespace cloister::cli::audit
