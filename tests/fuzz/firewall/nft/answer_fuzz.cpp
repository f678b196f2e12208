// Any bytes as what the kernel answers: messages, rules, sets, chains, elements, errors.
#include "firewall/nft/answer.h"
#include "firewall/nft/decode.h"
#include "firewall/policy/plan.h"
#include "firewall/policy/steps.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  using namespace cloister::firewall;
  policy::Ruleset running;
  running.chains.emplace_back();
  nft::Messages messages(std::as_bytes(std::span(data, size)));
  while (const auto message = messages.next()) {
    (void)nft::error_of(*message);
    const Bytes attributes = nft::attributes_of(*message);
    (void)nft::count_elements(attributes);
    if (auto rule = nft::decode_rule(attributes))
      running.chains.front().rules.push_back(std::move(rule->rule));
    if (auto set = nft::decode_set(attributes)) running.sets.push_back(std::move(*set));
    if (auto chain = nft::decode_chain(attributes)) running.chains.push_back(std::move(*chain));
  }
  // What was made out can be compared and said.
  const auto number = [](std::uint32_t user) { return std::to_string(user); };
  if (policy::plan(running, {}, number).empty() != policy::steps(running, {}).empty()) std::abort();
  return 0;
}
