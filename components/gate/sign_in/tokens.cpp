#include "gate/sign_in/tokens.h"

#include <algorithm>
#include <cstring>

#include "gate/secrets/sign_in_token.h"

namespace cloister::gate::sign_in {

std::size_t Tokens::HashDigest::operator()(const secrets::Digest& digest) const noexcept {
  std::size_t out = 0;
  std::memcpy(&out, digest.data(), sizeof out);
  return out;
}

secrets::Secret Tokens::issue(TokenOwner owner, TimePoint now) {
  make_room(owner.host, now);
  secrets::Secret token = secrets::new_token_text();
  known_[secrets::sha256(secrets::bytes_of(token))] = {.owner = owner, .issued = now};
  return token;
}

std::optional<TokenOwner> Tokens::use(const secrets::Secret& token, TimePoint now) {
  // Found by digest: how long the search takes says nothing about the tokens.
  const auto found = known_.find(secrets::sha256(secrets::bytes_of(token)));
  if (found == known_.end() || is_over(found->second, now)) return std::nullopt;
  found->second.used = true;
  return found->second.owner;
}

void Tokens::revoke(const secrets::Secret& token) { known_.erase(secrets::sha256(secrets::bytes_of(token))); }

void Tokens::forget_old(TimePoint now) {
  std::erase_if(known_, [&](const auto& known) { return is_over(known.second, now); });
}

bool Tokens::is_over(const Entry& entry, TimePoint now) const {
  return now - entry.issued >= (entry.used ? settings_.lifetime : settings_.first_use);
}

void Tokens::make_room(std::int64_t host, TimePoint now) {
  forget_old(now);
  const auto is_theirs = [host](const auto& known) { return known.second.owner.host == host; };
  if (static_cast<std::size_t>(std::ranges::count_if(known_, is_theirs)) < settings_.per_host) return;
  auto oldest = std::ranges::find_if(known_, is_theirs);
  for (auto each = oldest; each != known_.end(); ++each)
    if (is_theirs(*each) && each->second.issued < oldest->second.issued) oldest = each;
  known_.erase(oldest);
}

}  // namespace cloister::gate::sign_in
