#include "audit/probes/software/dpkg_status.h"

#include "audit/probes/text/paragraphs.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr std::size_t kLargest = 64 * 1024 * 1024;

// "install ok installed": the third word is the state of the files.
bool is_there(std::string_view status) {
  const auto words = fields_of(status, ' ');
  return words.size() == 3 && words[2] != "not-installed" && words[2] != "config-files";
}

}  // namespace

Packages parse_dpkg_status(std::string_view text) {
  Packages packages;
  for_each_paragraph(text, [&](const Paragraph& paragraph) {
    if (is_there(paragraph.field("Status")))
      packages.emplace(paragraph.field("Package"), paragraph.field("Version"));
  });
  return packages;
}

const Result<Packages, FileError>& installed_packages(const System& system) {
  return system.remember<Result<Packages, FileError>>("packages", [&]() -> Result<Packages, FileError> {
    const auto status = system.read_file("/var/lib/dpkg/status", kLargest);
    if (!status) return fail(status.error());
    return parse_dpkg_status(*status);
  });
}

}  // namespace cloister::audit::probes
