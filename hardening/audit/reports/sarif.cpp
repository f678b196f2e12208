// SARIF 2.1.0 (OASIS standard, 27 March 2020). The sections are its.
#include <fmt/core.h>

#include <boost/json.hpp>

#include "audit/reports/format.h"
#include "audit/reports/words.h"

namespace cloister::audit::reports {
namespace {

namespace json = boost::json;
using engine::CheckReport;
using model::Verdict;

// §3.27.9
const char* kind_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail:
    case Verdict::exception: return "fail";
    case Verdict::alternative:
    case Verdict::not_applicable: return "notApplicable";
    case Verdict::manual: return "review";
    case Verdict::not_judged:
    case Verdict::error: break;
  }
  return "open";
}

json::object message_of(const std::string& text) {
  return {
      {"text", text}
  };
}

json::object rule_of(const CheckReport& check) {
  json::array cis(check.cis.begin(), check.cis.end());
  return {
      {"id",               check.id               },
      {"shortDescription", message_of(check.title)},
      {"fullDescription",  message_of(check.why)  },
      {"properties",
       json::object{
           {"level", check.level},
           {"cis", std::move(cis)},
       }                                          },
  };
}

// What was looked at is seldom one place in one file: logical locations (§3.33) name the probes.
json::array locations_of(const CheckReport& check) {
  json::array places;
  for (const model::Evidence& one : check.evidence)
    places.push_back(json::object{
        {"fullyQualifiedName", one.probe },
        {"kind",               "resource"},
    });
  if (places.empty()) return {};
  return {json::object{{"logicalLocations", std::move(places)}}};
}

json::object result_of(const CheckReport& check, std::size_t index) {
  json::object result{
      {"ruleId",    check.id                                                                                },
      {"ruleIndex", index                                                                                   },
      {"kind",      kind_of(check.verdict)                                                                  },
      {"level",     check.verdict == Verdict::fail || check.verdict == Verdict::exception ? "error" : "none"},
      {"message",   message_of(check.reason.empty() ? heading(check.verdict) : check.reason)                },
      {"locations", locations_of(check)                                                                     },
  };
  if (check.exception)  // §3.35
    result["suppressions"] = json::array{
        json::object{
                     {"kind", "external"},
                     {"status", "accepted"},
                     {"justification", fmt::format("{} Instead: {} Accepted by {}, review by {}.",
                                          check.exception->reason, check.exception->compensation,
                                          check.exception->accepted_by, check.exception->review)},
                     }
    };
  return result;
}

}  // namespace

void write_sarif(std::ostream& out, const engine::Report& report) {
  json::array rules;
  json::array results;
  for (const CheckReport& check : report.checks) {
    results.push_back(result_of(check, rules.size()));
    rules.push_back(rule_of(check));
  }
  json::object driver{
      {"name",     "Cloister audit"},
      {"fullName", report.program  },
      {"rules",    std::move(rules)},
  };
  json::object run{
      {"tool",       json::object{{"driver", std::move(driver)}}  },
      {"results",    std::move(results)                           },
      {"properties", json::object{{"subject", subject_of(report)}}},
  };
  out << json::serialize(json::object{
             {"$schema",
              "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
             {"version", "2.1.0"                                                                          },
             {"runs",    json::array{std::move(run)}                                                      },
  })
      << '\n';
}

}  // namespace cloister::audit::reports
