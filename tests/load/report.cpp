#include "load/report.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

namespace cloister::load {
namespace {

namespace json = boost::json;

double ms(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

struct Totals {
  Received received;
  std::size_t in_call = 0;
  std::size_t complete = 0;
  Duration slowest_join{};
  std::map<std::string, std::size_t> errors;
};

Totals total(const Outcome& outcome) {
  Totals out;
  for (const Outcome::One& one : outcome.participants) {
    out.received.add(one.received);
    if (one.state == Participant::State::in_call) ++out.in_call;
    if (one.complete()) ++out.complete;
    if (one.time_to_join > 0ns) out.slowest_join = std::max(out.slowest_join, one.time_to_join);
    for (const std::string& error : one.errors) ++out.errors[error];
  }
  return out;
}

std::string heights(const Received& received) {
  std::string out;
  for (const auto& [height, count] : received.heights)
    out += fmt::format("{}{}×{}p", out.empty() ? "" : " ", count, height);
  return out.empty() ? "-" : out;
}

std::string row(std::string_view who, const Received& received, double seconds) {
  return fmt::format(
      "{:>5}  {:>9.1f}  {:>9.0f}  {:>6}  {:>5}  {:>7.2f}  {:>7.2f}  {:>10.2f}  {:>7}  {:>9.0f}  {:>9}  {:>9} "
      " {}\n",
      who, static_cast<double>(received.packets) / seconds,
      static_cast<double>(received.bytes) * 8 / 1000 / seconds, received.lost, received.gaps,
      ms(received.delay.percentile(0.5)), ms(received.delay.percentile(0.99)),
      ms(received.unread.percentile(0.99)), received.freezes, ms(received.longest_freeze),
      fmt::format("{}/{}", received.heard, received.talkers),
      fmt::format("{}/{}", received.seen, received.senders), heights(received));
}

json::object as_object(const Received& received) {
  json::object heights;
  for (const auto& [height, count] : received.heights) heights[std::to_string(height)] = count;
  return {
      {"packets",           received.packets                    },
      {"bytes",             received.bytes                      },
      {"lost",              received.lost                       },
      {"gaps",              received.gaps                       },
      {"strays",            received.strays                     },
      {"delay_p50_ms",      ms(received.delay.percentile(0.5))  },
      {"delay_p99_ms",      ms(received.delay.percentile(0.99)) },
      {"delay_p999_ms",     ms(received.delay.percentile(0.999))},
      {"unread_p50_ms",     ms(received.unread.percentile(0.5)) },
      {"unread_p99_ms",     ms(received.unread.percentile(0.99))},
      {"frames",            received.frames                     },
      {"freezes",           received.freezes                    },
      {"longest_freeze_ms", ms(received.longest_freeze)         },
      {"contradictions",    received.contradictions             },
      {"talkers",           received.talkers                    },
      {"heard",             received.heard                      },
      {"senders",           received.senders                    },
      {"seen",              received.seen                       },
      {"heights",           std::move(heights)                  }
  };
}

json::object as_object(const Outcome::One& one) {
  json::object out = as_object(one.received);
  out["in_call"] = one.state == Participant::State::in_call;
  out["complete"] = one.complete();
  out["talks"] = one.talks;
  out["sends_video"] = one.sends_video;
  out["joined_ms"] = ms(one.time_to_join);
  out["errors"] = json::value_from(one.errors);
  return out;
}

}  // namespace

std::string as_table(const Outcome& outcome) {
  std::string out =
      "  who  packets/s     kbit/s    lost   gaps   p50 ms   p99 ms  unread p99  freezes  longest ms     "
      "heard       "
      "seen  video\n";
  for (std::size_t i = 0; i < outcome.participants.size(); ++i)
    out += row(std::to_string(i + 1), outcome.participants[i].received, outcome.seconds);
  const Totals totals = total(outcome);
  out += row("all", totals.received, outcome.seconds);
  out +=
      fmt::format("\n{} of {} in the call after {:.0f} ms, {} received everything; slowest join {:.0f} ms\n",
                  totals.in_call, outcome.participants.size(), ms(outcome.all_in), totals.complete,
                  ms(totals.slowest_join));
  for (const auto& [error, count] : totals.errors) out += fmt::format("{} × {}\n", count, error);
  out += fmt::format("this program used {:.2f} processors; the machine was busy at {:.0f} %\n",
                     outcome.own_cpu, 100 * outcome.machine_cpu);
  return out;
}

std::string as_json(const Outcome& outcome) {
  json::array participants;
  for (const Outcome::One& one : outcome.participants) participants.push_back(as_object(one));
  const Totals totals = total(outcome);
  json::object all = as_object(totals.received);
  all["participants"] = outcome.participants.size();
  all["in_call"] = totals.in_call;
  all["complete"] = totals.complete;
  all["slowest_join_ms"] = ms(totals.slowest_join);
  all["all_in_ms"] = ms(outcome.all_in);
  all["seconds"] = outcome.seconds;
  all["own_cpu"] = outcome.own_cpu;
  all["machine_cpu"] = outcome.machine_cpu;
  json::object errors;
  for (const auto& [error, count] : totals.errors) errors[error] = count;
  all["errors"] = std::move(errors);
  all["good"] = outcome.good();
  return json::serialize(json::object{
      {"participants", std::move(participants)},
      {"totals",       std::move(all)         }
  });
}

}  // namespace cloister::load
