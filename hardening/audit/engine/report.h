// A whole run as values: what every report is written from, and what is stored and signed. Nothing in it
// depends on when it ran but the verdicts of exceptions whose review is due. Values only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "audit/model/verdict.h"

namespace cloister::audit::engine {

struct CoveredBy {
  std::string origin;  // "product" or "site"
  std::string reason;
  std::string risk;
  std::string compensation;
  std::string accepted_by;
  std::string review;
  friend bool operator==(const CoveredBy&, const CoveredBy&) = default;
};

struct CheckReport {
  std::string id;
  std::string title;
  std::string why;
  std::vector<std::string> cis;
  int level = 1;
  model::Verdict verdict = model::Verdict::error;
  std::string reason;
  std::vector<model::Evidence> evidence;
  std::optional<CoveredBy> exception;  // exactly where that is the verdict
  std::string role;                    // that repairs it; "" when none does
  friend bool operator==(const CheckReport&, const CheckReport&) = default;
};

// One of the benchmark's, with what its checks say together.
struct RecommendationReport {
  std::string id;
  int level = 1;
  model::Verdict verdict = model::Verdict::error;
  std::vector<std::string> checks;
  friend bool operator==(const RecommendationReport&, const RecommendationReport&) = default;
};

// About an exception that does not cover what it was written for.
struct Remark {
  std::string check;
  std::string text;
  friend bool operator==(const Remark&, const Remark&) = default;
};

struct Report {
  std::string program;    // "cloister 0.1.0"
  std::string benchmark;  // with its version
  std::string machine;    // "running" or "unpacked"
  std::string profile;
  int level = 2;
  std::vector<std::string> only;  // what was asked for; empty: everything
  std::vector<CheckReport> checks;
  std::vector<RecommendationReport> recommendations;
  std::vector<Remark> remarks;
  friend bool operator==(const Report&, const Report&) = default;
};

using Counts = std::array<std::size_t, std::size(model::kVerdicts)>;  // by Verdict

Counts count_checks(const Report& report);
Counts count_recommendations(const Report& report);
std::size_t count(const Counts& counts, model::Verdict verdict);

// Of the process: 0 when nothing fails, 1 when something does, 2 when something could not be judged.
int exit_status(const Report& report);

}  // namespace cloister::audit::engine
