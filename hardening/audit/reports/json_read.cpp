#include <boost/json.hpp>

#include "audit/engine/printable.h"
#include "audit/reports/json.h"

namespace cloister::audit::reports {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostDepth = 16;

// It may come from anywhere, and goes to terminals and pages.
std::string disarmed(std::string_view text) { return engine::printable(text, std::string_view::npos); }

// Thrown and caught in this file.
struct Mismatch {
  std::string what;
};

// One object: every key is asked for once; finish() refuses the others.
class Reader {
public:
  explicit Reader(const json::value& value) : object_(value.if_object()) {
    if (object_ == nullptr) throw Mismatch{"an object is something else"};
  }
  const json::value& get(const char* key) {
    ++asked_;
    const json::value* const value = object_->if_contains(key);
    if (value == nullptr) throw Mismatch{std::string(key) + " is missing"};
    return *value;
  }
  std::string text(const char* key) {
    const json::string* const value = get(key).if_string();
    if (value == nullptr) throw Mismatch{std::string(key) + " is no text"};
    return disarmed(*value);
  }
  bool flag(const char* key) {
    const bool* const value = get(key).if_bool();
    if (value == nullptr) throw Mismatch{std::string(key) + " is neither true nor false"};
    return *value;
  }
  int level() {
    const std::int64_t* const value = get("level").if_int64();
    if (value == nullptr || (*value != 1 && *value != 2)) throw Mismatch{"level is not 1 or 2"};
    return static_cast<int>(*value);
  }
  model::Verdict verdict() {
    const auto verdict = model::parse_verdict(text("verdict"));
    if (!verdict) throw Mismatch{"verdict is none that there is"};
    return *verdict;
  }
  const json::array& array(const char* key) {
    const json::array* const value = get(key).if_array();
    if (value == nullptr) throw Mismatch{std::string(key) + " is no list"};
    return *value;
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> all;
    for (const json::value& one : array(key)) {
      if (!one.is_string()) throw Mismatch{std::string(key) + " has something that is no text"};
      all.push_back(disarmed(one.get_string()));
    }
    return all;
  }
  template <class T>
  std::vector<T> list(const char* key, T (*read)(Reader)) {
    std::vector<T> all;
    for (const json::value& one : array(key)) all.push_back(read(Reader(one)));
    return all;
  }
  void finish() const {
    if (asked_ != object_->size()) throw Mismatch{"an object has keys that are not known"};
  }

private:
  const json::object* object_;
  std::size_t asked_ = 0;
};

model::State state_of(const std::string& text) {
  using model::State;
  for (const State state :
       {State::observed, State::absent, State::not_installed, State::not_running, State::unreadable})
    if (text == word(state)) return state;
  throw Mismatch{"state is none that there is"};
}

model::Fact read_fact(Reader in) {
  model::Fact fact{in.text("name"), in.text("value")};
  in.finish();
  return fact;
}

model::Evidence read_evidence(Reader in) {
  model::Evidence evidence;
  evidence.probe = in.text("probe");
  evidence.seen = {state_of(in.text("state")), in.list("facts", read_fact), in.text("note")};
  evidence.expected = in.text("expected");
  evidence.holds = in.flag("holds");
  in.finish();
  return evidence;
}

std::optional<engine::CoveredBy> read_exception(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  Reader in(value);
  engine::CoveredBy exception{in.text("origin"),       in.text("reason"),      in.text("risk"),
                              in.text("compensation"), in.text("accepted_by"), in.text("review")};
  in.finish();
  return exception;
}

engine::CheckReport read_check(Reader in) {
  engine::CheckReport check;
  check.id = in.text("id");
  check.title = in.text("title");
  check.why = in.text("why");
  check.cis = in.texts("cis");
  check.level = in.level();
  check.verdict = in.verdict();
  check.reason = in.text("reason");
  check.evidence = in.list("evidence", read_evidence);
  check.exception = read_exception(in.get("exception"));
  check.role = in.text("role");
  in.finish();
  if (check.exception.has_value() != (check.verdict == model::Verdict::exception))
    throw Mismatch{"an exception that is none"};
  return check;
}

engine::RecommendationReport read_recommendation(Reader in) {
  engine::RecommendationReport one;
  one.id = in.text("id");
  one.level = in.level();
  one.verdict = in.verdict();
  one.checks = in.texts("checks");
  in.finish();
  return one;
}

engine::Remark read_remark(Reader in) {
  engine::Remark remark{in.text("check"), in.text("text")};
  in.finish();
  return remark;
}

void require_counts(const json::value& value, const engine::Counts& counts) {
  Reader in(value);
  for (const model::Verdict verdict : model::kVerdicts) {
    const std::int64_t* const number = in.get(word(verdict)).if_int64();
    if (number == nullptr || *number != static_cast<std::int64_t>(engine::count(counts, verdict)))
      throw Mismatch{"the summary does not count what is there"};
  }
  in.finish();
}

engine::Report read_report(Reader in) {
  if (in.text("format") != kReportFormat) throw Mismatch{std::string("this is no ") + kReportFormat};
  engine::Report report;
  report.program = in.text("program");
  report.benchmark = in.text("benchmark");
  report.machine = in.text("machine");
  report.profile = in.text("profile");
  report.level = in.level();
  report.only = in.texts("only");
  report.checks = in.list("checks", read_check);
  report.recommendations = in.list("recommendations", read_recommendation);
  report.remarks = in.list("remarks", read_remark);
  Reader summary(in.get("summary"));
  require_counts(summary.get("checks"), count_checks(report));
  require_counts(summary.get("recommendations"), count_recommendations(report));
  summary.finish();
  in.finish();
  return report;
}

}  // namespace

Result<engine::Report, std::string> parse_json(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kMostDepth;
  const json::value parsed = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return fail("this is no JSON: " + error.message());
  try {
    return read_report(Reader(parsed));
  } catch (const Mismatch& mismatch) {
    return fail(mismatch.what);
  }
}

}  // namespace cloister::audit::reports
