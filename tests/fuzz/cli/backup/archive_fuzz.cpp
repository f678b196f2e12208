// Any bytes as a backup: the outer form, and the inner one that only the passphrase's owner reaches. What is
// accepted is written again the same.
#include "base/assert.h"
#include "cli/backup/archive.h"
#include "cli/backup/sealed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  (void)cli::backup::check_sealed(bytes);
  const auto archive = cli::backup::parse_archive(bytes);
  if (!archive) return 0;
  ASSERT(cli::backup::write_archive(*archive) == as_text(bytes));
  for (const auto& entry : archive->entries) ASSERT(cli::backup::is_plain_path(entry.path));
  return 0;
}
