#include "gate/http/metrics_text.h"

namespace cloister::gate::http {

std::string metrics_text(const sign_in::SignInCounters& counters, MetricsText::Format format) {
  MetricsText text(format, "cloister_gate_");
  text.begin_counter("sign_ins", "Attempts to sign in as a host, by how they ended");
  const auto sign_ins = [&text](std::string_view result, const Counter& total) {
    text.sample("sign_ins", "result", result, total.value());
  };
  sign_ins("accepted", counters.accepted);
  sign_ins("refused", counters.refused);
  sign_ins("wait", counters.held_back);
  sign_ins("busy", counters.turned_away);
  sign_ins("unavailable", counters.failed);
  text.counter("tokens_issued", "Tokens given to clients", counters.tokens_issued.value());
  text.counter("bans_requested", "Sources that the firewall guard was told of",
               counters.bans_requested.value());
  return std::move(text).finish();
}

}  // namespace cloister::gate::http
