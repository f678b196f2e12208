// An XMPP address (RFC 7622). Holds names and rooms: compare and pass on, never print. Text only for the
// wire.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/personal.h"

namespace cloister::xmpp {

class Jid {
public:
  Jid() = default;
  // Splits and normalises (nodeprep, nameprep, resourceprep); nothing for what is not an address.
  static std::optional<Jid> parse(std::string_view text);

  bool empty() const { return full_.expose().empty(); }
  bool is_bare() const;
  Jid bare() const;
  Jid with_resource(std::string_view resource) const;
  std::string_view local() const;
  std::string_view domain() const;
  std::string_view resource() const;
  const std::string& text_for_wire() const { return full_.expose(); }

  friend bool operator==(const Jid&, const Jid&) = default;
  friend auto operator<=>(const Jid&, const Jid&) = default;

private:
  explicit Jid(std::string normalised) : full_(std::move(normalised)) {}
  Personal<std::string> full_;
};

}  // namespace cloister::xmpp

template <>
struct std::hash<cloister::xmpp::Jid> {
  std::size_t operator()(const cloister::xmpp::Jid& jid) const {
    return std::hash<std::string>()(jid.text_for_wire());
  }
};
