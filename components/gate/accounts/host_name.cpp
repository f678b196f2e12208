#include "gate/accounts/host_name.h"

#include <algorithm>

namespace cloister::gate::accounts {

std::optional<HostName> parse_host_name(std::string_view text) {
  constexpr std::size_t kMost = 64;
  const auto is_alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > kMost) return std::nullopt;
  std::string name(text);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const bool fits = is_alphanumeric(name.front()) && std::ranges::all_of(name, [&](char c) {
                      return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
                    });
  if (!fits) return std::nullopt;
  return HostName(std::move(name));
}

}  // namespace cloister::gate::accounts
