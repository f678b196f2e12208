#include "audit/probes/text/text.h"

#include <algorithm>
#include <charconv>

namespace cloister::audit::probes::text {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> all;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const std::string_view line : fields(text, '\n')) all.push_back(trim(line));
  return all;
}

std::vector<std::string_view> words(std::string_view text, std::string_view between) {
  std::vector<std::string_view> all;
  for (auto begin = text.find_first_not_of(between); begin != std::string_view::npos;
       begin = text.find_first_not_of(between)) {
    const auto end = std::min(text.find_first_of(between, begin), text.size());
    all.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return all;
}

std::vector<std::string_view> fields(std::string_view text, char between) {
  std::vector<std::string_view> all;
  for (;;) {
    const auto end = text.find(between);
    all.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return all;
    text.remove_prefix(end + 1);
  }
}

std::optional<Halves> halves(std::string_view text, std::string_view at) {
  const auto found = text.find_first_of(at);
  if (found == std::string_view::npos) return std::nullopt;
  return Halves{trim(text.substr(0, found)), trim(text.substr(found + 1))};
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

std::string_view unquoted(std::string_view text) {
  const bool quoted =
      text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace cloister::audit::probes::text
