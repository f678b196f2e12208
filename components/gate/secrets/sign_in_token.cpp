#include "gate/secrets/sign_in_token.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::gate::secrets {
namespace {

constexpr std::string_view kPrefix = "cloister.";
constexpr std::size_t kRandom = 48;

bool is_token_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

Secret new_token_text() { return Secret(std::string(kPrefix) + random_token(kRandom)); }

bool is_token_shaped(std::string_view text) {
  return text.size() == kPrefix.size() + kRandom && text.starts_with(kPrefix) &&
         std::ranges::all_of(text.substr(kPrefix.size()), is_token_character);
}

}  // namespace cloister::gate::secrets
