#include <boost/json.hpp>

#include "audit/reports/json.h"

namespace cloister::audit::reports {
namespace {

namespace json = boost::json;

json::array array_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object object_of(const model::Evidence& evidence) {
  json::array facts;
  for (const auto& [name, value] : evidence.seen.facts)
    facts.push_back(json::object{
        {"name",  name },
        {"value", value}
    });
  return {
      {"probe",    evidence.probe           },
      {"state",    word(evidence.seen.state)},
      {"facts",    std::move(facts)         },
      {"note",     evidence.seen.note       },
      {"expected", evidence.expected        },
      {"holds",    evidence.holds           },
  };
}

json::value value_of(const std::optional<engine::CoveredBy>& exception) {
  if (!exception) return nullptr;
  return json::object{
      {"origin",       exception->origin      },
      {"reason",       exception->reason      },
      {"risk",         exception->risk        },
      {"compensation", exception->compensation},
      {"accepted_by",  exception->accepted_by },
      {"review",       exception->review      },
  };
}

json::object object_of(const engine::CheckReport& check) {
  json::array evidence;
  for (const model::Evidence& one : check.evidence) evidence.push_back(object_of(one));
  return {
      {"id",        check.id                 },
      {"title",     check.title              },
      {"why",       check.why                },
      {"cis",       array_of(check.cis)      },
      {"level",     check.level              },
      {"verdict",   word(check.verdict)      },
      {"reason",    check.reason             },
      {"evidence",  std::move(evidence)      },
      {"exception", value_of(check.exception)},
      {"role",      check.role               },
  };
}

json::object object_of(const engine::RecommendationReport& one) {
  return {
      {"id",      one.id              },
      {"level",   one.level           },
      {"verdict", word(one.verdict)   },
      {"checks",  array_of(one.checks)},
  };
}

json::object object_of(const engine::Remark& remark) {
  return {
      {"check", remark.check},
      {"text",  remark.text },
  };
}

json::object object_of(const engine::Counts& counts) {
  json::object out;
  for (const model::Verdict verdict : model::kVerdicts) out[word(verdict)] = engine::count(counts, verdict);
  return out;
}

template <class T>
json::array objects_of(const std::vector<T>& all) {
  json::array out;
  for (const T& one : all) out.push_back(object_of(one));
  return out;
}

}  // namespace

std::string json_text(const engine::Report& report) {
  return json::serialize(json::object{
      {"format",          kReportFormat                     },
      {"program",         report.program                    },
      {"benchmark",       report.benchmark                  },
      {"machine",         report.machine                    },
      {"profile",         report.profile                    },
      {"level",           report.level                      },
      {"only",            array_of(report.only)             },
      {"summary",
       json::object{
           {"checks", object_of(count_checks(report))},
           {"recommendations", object_of(count_recommendations(report))},
       }                                                    },
      {"checks",          objects_of(report.checks)         },
      {"recommendations", objects_of(report.recommendations)},
      {"remarks",         objects_of(report.remarks)        },
  });
}

}  // namespace cloister::audit::reports
