// A piece of XML as a value: what parsers of this folder read and writers make. Namespaces are resolved,
// prefixes gone. Depth is bounded by whoever makes it from bytes (stream/depth_limiter.h), so recursion is.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cloister::xmpp::xml {

inline constexpr std::string_view kClientNamespace = "jabber:client";

struct Element {
  std::string name{};
  std::string ns{};  // stanzas and what has no namespace of its own: jabber:client
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::vector<Element> children{};
  std::string text{};  // all character data of this element, joined

  friend bool operator==(const Element&, const Element&) = default;

  bool is(std::string_view wanted_name, std::string_view wanted_ns) const {
    return name == wanted_name && ns == wanted_ns;
  }
  const Element* find(std::string_view child_name, std::string_view child_ns) const;
  // A child of the same namespace.
  const Element* find(std::string_view child_name) const { return find(child_name, ns); }
  const std::string* find_attribute(std::string_view attribute) const;
  // Empty when absent.
  const std::string& attribute(std::string_view attribute) const;
  // "true" or "1"; nothing when absent or something else.
  std::optional<bool> flag(std::string_view attribute) const;
  bool flag_or(std::string_view attribute, bool otherwise) const {
    return flag(attribute).value_or(otherwise);
  }
  // Nothing when absent, not a number, or out of T's range.
  template <class T>
  std::optional<T> number(std::string_view attribute_name) const {
    return to_number<T>(attribute(attribute_name));
  }

  // Building. Empty values are not written by set(); they are by set_always().
  Element& set(std::string_view attribute, std::string_view value);
  Element& set_always(std::string_view attribute, std::string_view value);
  template <class T>
  Element& set_number(std::string_view attribute, T value) {
    return set(attribute, std::to_string(value));
  }
  Element& set_if(std::string_view attribute, bool value) { return value ? set(attribute, "true") : *this; }
  // Appends a child and gives it back; valid until the next one is added.
  Element& add(std::string_view child_name, std::string_view child_ns);
  Element& add(std::string_view child_name) { return add(child_name, std::string(ns)); }
  void add(Element child) { children.push_back(std::move(child)); }

  template <class T>
  static std::optional<T> to_number(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
  }
};

// Text for the wire. Every element outside jabber:client carries its own xmlns, also when its parent has the
// same: lib-jitsi-meet's selectors test the attribute itself (client.md §2). What XML cannot carry (control
// characters, malformed UTF-8) is left out.
std::string write(const Element& element);

// One complete element; nothing when it is not well-formed or nothing follows. For tests and fuzz targets.
std::optional<Element> parse(std::string_view text);

}  // namespace cloister::xmpp::xml
