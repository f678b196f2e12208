#include "audit/probes/software/deb_version.h"

#include <algorithm>

namespace cloister::audit::probes {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "~" sorts before the end, the end before letters, letters before everything else.
int weight(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return 0;
  const char c = text.front();
  if (c == '~') return -1;
  return is_letter(c) ? c : static_cast<unsigned char>(c) + 256;
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::strong_ordering compare_numbers(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return one.size() <=> other.size();
  return one.compare(other) <=> 0;
}

// Stretches of other characters and of digits in turn.
std::strong_ordering compare_parts(std::string_view one, std::string_view other) {
  while (!one.empty() || !other.empty()) {
    while ((!one.empty() && !is_digit(one.front())) || (!other.empty() && !is_digit(other.front()))) {
      if (const auto order = weight(one) <=> weight(other); order != 0) return order;
      one.remove_prefix(1);
      other.remove_prefix(1);
    }
    if (const auto order = compare_numbers(take_digits(one), take_digits(other)); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

struct Parts {
  std::string_view epoch;
  std::string_view upstream;
  std::string_view revision;
};

Parts parts_of(std::string_view version) {
  Parts parts;
  if (const std::size_t colon = version.find(':'); colon != std::string_view::npos) {
    parts.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  const std::size_t dash = version.rfind('-');
  parts.upstream = version.substr(0, dash);
  if (dash != std::string_view::npos) parts.revision = version.substr(dash + 1);
  return parts;
}

}  // namespace

std::strong_ordering compare_versions(std::string_view one, std::string_view other) {
  const Parts a = parts_of(one);
  const Parts b = parts_of(other);
  if (const auto order = compare_parts(a.epoch, b.epoch); order != 0) return order;
  if (const auto order = compare_parts(a.upstream, b.upstream); order != 0) return order;
  return compare_parts(a.revision, b.revision);
}

}  // namespace cloister::audit::probes
