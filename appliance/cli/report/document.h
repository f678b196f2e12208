// A page of text in parts, written as Markdown or as HTML.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cloister::cli::report {

struct Part {
  enum class Kind : std::uint8_t { title, heading, paragraph, item, warning, row };
  Kind kind = Kind::paragraph;
  std::vector<std::string> texts;  // one; of a row its cells, the first row of a table being its head
};

using Document = std::vector<Part>;

std::string as_markdown(const Document& document);
// One file that asks nobody for anything.
std::string as_html(const Document& document);

}  // namespace cloister::cli::report
