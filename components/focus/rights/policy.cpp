#include "focus/rights/policy.h"

#include <algorithm>
#include <optional>

namespace cloister::focus::rights {
namespace {

std::optional<Switch> find_switch(std::string_view name) {
  const auto found = std::ranges::find(kSwitchNames, name);
  if (found == kSwitchNames.end()) return std::nullopt;
  return static_cast<Switch>(found - kSwitchNames.begin());
}

}  // namespace

std::string write_policy(const Policy& policy) {
  std::string text;
  for (std::size_t i = 0; i < kSwitchNames.size(); ++i) {
    if (policy.allows(static_cast<Switch>(i))) continue;
    if (!text.empty()) text += ' ';
    text += kSwitchNames[i];
  }
  return text;
}

Policy parse_policy(std::string_view text) {
  Policy policy;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto named = find_switch(text.substr(0, end))) policy.set(*named, false);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return policy;
}

Policy change(Policy before, const std::map<std::string, bool>& switches) {
  for (const auto& [name, allowed] : switches)
    if (const auto named = find_switch(name)) before.set(*named, allowed);
  return before;
}

}  // namespace cloister::focus::rights
