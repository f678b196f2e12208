// A rule's expressions, read back match by match: the reverse of expressions.h.
#pragma once

#include <string>
#include <vector>

#include "firewall/nft/answer.h"
#include "firewall/policy/ruleset.h"

namespace cloister::firewall::nft {

class ExpressionReader {
public:
  explicit ExpressionReader(Bytes expressions);  // the list as it lies in a rule

  bool at_end() const { return at_ >= expressions_.size(); }
  // The verdict's code when one is all that is left; nothing is consumed.
  std::optional<std::uint32_t> last_verdict() const;
  // The next match; Foreign for one expression that cannot be made out.
  policy::Match match();

private:
  struct Expression {
    std::string name;
    Bytes data;
  };
  struct Comparison {
    std::uint32_t how;
    Bytes with;
  };
  // Each reads one expression when it is of that kind and works in register 1, and steps over it.
  std::optional<std::uint32_t> meta();
  std::optional<Comparison> compare();
  std::optional<Comparison> compare(std::uint32_t how, std::size_t size);
  std::optional<Bytes> mask(std::size_t size);

  std::optional<policy::Match> match_meta();
  std::optional<policy::Match> match_payload();
  std::optional<policy::Match> match_transport(std::uint32_t offset, std::uint32_t length);
  std::optional<policy::Match> match_ports(policy::End end);
  std::optional<policy::Match> match_address(std::uint32_t offset, std::uint32_t length);
  std::optional<policy::Match> match_set(IpFamily family);
  std::optional<policy::Match> match_state();
  std::optional<policy::Match> match_limit();
  const Expression* next(const char* name);

  std::vector<Expression> expressions_;
  std::size_t at_ = 0;
};

}  // namespace cloister::firewall::nft
