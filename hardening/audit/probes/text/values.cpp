#include "audit/probes/text/values.h"

#include <algorithm>
#include <charconv>

namespace cloister::audit::probes {

std::vector<std::string_view> fields_of(std::string_view text, char between) {
  std::vector<std::string_view> all;
  for (;;) {
    const auto end = text.find(between);
    all.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return all;
    text.remove_prefix(end + 1);
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::optional<long long> number(std::string_view text, int base) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace cloister::audit::probes
