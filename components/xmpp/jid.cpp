#include "xmpp/jid.h"

#include <gloox/jid.h>

namespace cloister::xmpp {

namespace {

// RFC 7622 §3.1 allows 1023 bytes a part; gloox's own buffer needs one more for the end.
constexpr std::size_t kLongestPart = 1022;

struct Parts {
  std::string_view local;
  std::string_view domain;
  std::string_view resource;
};

// The first slash ends the bare address, the first at sign before it the local part (RFC 7622 §3.2).
Parts split(std::string_view text) {
  Parts parts;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    parts.resource = text.substr(slash + 1);
    text = text.substr(0, slash);
  }
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    parts.local = text.substr(0, at);
    text = text.substr(at + 1);
  }
  parts.domain = text;
  return parts;
}

bool plausible(std::string_view text, const Parts& parts) {
  const bool empty_local = text.starts_with('@');
  const bool empty_resource = text.find('/') == text.size() - 1;
  return !parts.domain.empty() && !empty_local && !empty_resource && parts.local.size() <= kLongestPart &&
         parts.domain.size() <= kLongestPart && parts.resource.size() <= kLongestPart &&
         parts.domain.find('@') == std::string_view::npos && text.find('\0') == std::string_view::npos;
}

}  // namespace

std::optional<Jid> Jid::parse(std::string_view text) {
  const Parts parts = split(text);
  if (text.empty() || !plausible(text, parts)) return std::nullopt;
  gloox::JID prepared;
  if (!prepared.setServer(std::string(parts.domain)) || prepared.server().empty()) return std::nullopt;
  if (!parts.local.empty() && !prepared.setUsername(std::string(parts.local))) return std::nullopt;
  if (!parts.resource.empty() && !prepared.setResource(std::string(parts.resource))) return std::nullopt;
  return Jid(prepared.full());
}

bool Jid::is_bare() const { return resource().empty(); }

Jid Jid::bare() const {
  const std::string& full = text_for_wire();
  return Jid(full.substr(0, full.find('/')));
}

Jid Jid::with_resource(std::string_view resource) const {
  const std::optional<Jid> full = parse(bare().text_for_wire() + "/" + std::string(resource));
  return full.value_or(bare());
}

std::string_view Jid::local() const { return split(text_for_wire()).local; }
std::string_view Jid::domain() const { return split(text_for_wire()).domain; }
std::string_view Jid::resource() const { return split(text_for_wire()).resource; }

}  // namespace cloister::xmpp
