#include "audit/probes/text/paragraphs.h"

#include <algorithm>

#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

// The first line of the text, which is taken off.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool begins_with(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':';
}

}  // namespace

std::string_view Paragraph::field(std::string_view name) const {
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (begins_with(line, name)) return trimmed(line.substr(name.size() + 1));
  }
  return {};
}

void for_each_paragraph(std::string_view text, const std::function<void(const Paragraph&)>& each) {
  while (!text.empty()) {
    std::string_view rest = text;
    std::size_t length = 0;
    while (!rest.empty() && !trimmed(take_line(rest)).empty()) length = text.size() - rest.size();
    if (length > 0) each({text.substr(0, length)});
    text = rest;
  }
}

}  // namespace cloister::audit::probes
