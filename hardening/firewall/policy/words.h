// Rules in words, for people: "accept TCP to port 443". Names of rules found in the kernel are another's
// bytes: what is not printable is left out.
#pragma once

#include <functional>
#include <string>

#include "firewall/policy/ruleset.h"

namespace cloister::firewall::policy {

// The name of a user's number, or the number again.
using NameUser = std::function<std::string(std::uint32_t)>;
// By the machine's own user database.
std::string name_user(std::uint32_t number);

// "accept TCP to port 22 from 192.0.2.0/24 (ssh)"
std::string in_words(const Rule& rule, const NameUser& name = name_user);
// "banned4: at most 65536 banned IPv4 sources"
std::string in_words(const Set& set);
std::string printable(const std::string& text);

}  // namespace cloister::firewall::policy
