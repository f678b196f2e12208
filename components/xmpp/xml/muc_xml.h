// Presence in rooms as XML (focus.md §3.4, §3.5, §6.1).
#pragma once

#include <optional>

#include "xmpp/muc.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// Nothing when it is not of an occupant (no resource in `from`, type subscribe, …).
std::optional<MucPresence> parse_muc_presence(const Element& presence);

// <SourceInfo>: at most kLongestSourceInfo bytes of JSON; an unknown videoType or a shape that is not ours
// refuses the whole; unknown members are ignored.
inline constexpr std::size_t kLongestSourceInfo = 16384;
std::optional<std::map<SourceName, SourceState>> parse_source_info(std::string_view json);

enum class PresenceKind : std::uint8_t { join, update, leave };
Element write_muc_presence(const Jid& occupant, PresenceKind kind, const MucSelfPresence& content,
                           const std::optional<Personal<std::string>>& password);

std::string_view name_of(Affiliation affiliation);
std::string_view name_of(Role role);
std::optional<Affiliation> affiliation_of(std::string_view name);
std::optional<Role> role_of(std::string_view name);

}  // namespace cloister::xmpp::xml
