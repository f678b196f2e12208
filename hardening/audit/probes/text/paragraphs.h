// Paragraphs of "Field: value" lines, as Debian writes its lists (deb822): parted by empty lines, continued
// by lines that begin with a blank, which are left out here.
#pragma once

#include <functional>
#include <string_view>

namespace cloister::audit::probes {

// Looks into the text.
struct Paragraph {
  std::string_view text;
  // "" when it is not there.
  std::string_view field(std::string_view name) const;
};

void for_each_paragraph(std::string_view text, const std::function<void(const Paragraph&)>& each);

}  // namespace cloister::audit::probes
