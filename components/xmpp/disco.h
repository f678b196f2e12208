// Service discovery (XEP-0030), entity capabilities (XEP-0115) and data forms (XEP-0004). Values only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cloister::xmpp {

// A data form; of a field, what survives a submission: its name and its values.
struct DataForm {
  struct Field {
    std::string name{};  // attribute `var`
    std::string type{};  // "hidden", "boolean", "list-single", …; empty: absent
    std::vector<std::string> values{};
    friend bool operator==(const Field&, const Field&) = default;
  };
  std::string type{};  // "form", "submit", "result", "cancel"
  std::vector<Field> fields{};

  const Field* find(std::string_view name) const;
  // The first value of a field; empty when there is none.
  std::string_view value(std::string_view name) const;
  // "1" or "true".
  bool flag(std::string_view name) const;
  // Replaces the values of a field or adds it.
  void set(std::string_view name, std::string value);
  // The same values as an answer: type "submit", fields without a name (fixed text) dropped.
  DataForm submission() const;
  friend bool operator==(const DataForm&, const DataForm&) = default;
};

// Result of disco#info.
struct DiscoInfo {
  struct Identity {
    std::string category{};
    std::string type{};
    std::string name{};
    std::string lang{};
    friend bool operator==(const Identity&, const Identity&) = default;
  };
  std::string node{};
  std::vector<Identity> identities{};
  std::vector<std::string> features{};
  std::vector<DataForm> forms{};

  bool has_feature(std::string_view feature) const;
  friend bool operator==(const DiscoInfo&, const DiscoInfo&) = default;
};

// Presence element <c> (XEP-0115).
struct Caps {
  std::string node{};
  std::string ver{};
  std::string hash{};
  friend bool operator==(const Caps&, const Caps&) = default;
};

// The verification string of XEP-0115 §5.1 with SHA-1; a cached DiscoInfo may be trusted under a `ver` only
// when it yields the same (§5.4).
std::string caps_ver(const DiscoInfo& info);
// What an entity of this description puts into its presence.
Caps make_caps(std::string node, const DiscoInfo& info);

}  // namespace cloister::xmpp
