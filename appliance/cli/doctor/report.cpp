#include "cli/doctor/report.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace cloister::cli::doctor {
namespace {

namespace json = boost::json;
constexpr Verdict kVerdicts[] = {Verdict::ok, Verdict::note, Verdict::warning, Verdict::error};

// What stands in another machine's words is printed on this terminal.
std::string printable(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  return out;
}

Verdict worst(const Findings& all) {
  Verdict out = Verdict::ok;
  for (const Finding& one : all) out = std::max(out, one.verdict);
  return out;
}

json::object json_of(const Findings& all) {
  json::array findings;
  for (const auto& [verdict, what, remedy] : all)
    findings.push_back(json::object{
        {"verdict", word(verdict)},
        {"what",    what         },
        {"remedy",  remedy       }
    });
  return {
      {"verdict",  word(worst(all))   },
      {"findings", std::move(findings)}
  };
}

std::optional<Finding> finding_of(const json::object& from) {
  const auto text = [&from](const char* key) -> const json::string* {
    const json::value* const value = from.if_contains(key);
    return value != nullptr ? value->if_string() : nullptr;
  };
  const auto *verdict = text("verdict"), *what = text("what"), *remedy = text("remedy");
  if (verdict == nullptr || what == nullptr || remedy == nullptr) return std::nullopt;
  const auto* const known = std::ranges::find(kVerdicts, std::string_view(*verdict), word);
  if (known == std::end(kVerdicts)) return std::nullopt;
  return Finding{*known, printable(*what), printable(*remedy)};
}

}  // namespace

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok: return "ok";
    case Verdict::note: return "note";
    case Verdict::warning: return "warning";
    case Verdict::error: break;
  }
  return "error";
}

void Report::begin(std::string_view check) {
  if (progress_ != nullptr) *progress_ << fmt::format("\r\x1b[K… {}", check) << std::flush;
}

void Report::add(const Findings& findings) {
  if (progress_ != nullptr) *progress_ << "\r\x1b[K" << std::flush;
  for (const Finding& one : findings) {
    if (format_ == Format::text) print(one);
    all_.push_back(one);
  }
}

void Report::print(const Finding& finding) {
  out_ << fmt::format("{:<8} {}\n", word(finding.verdict), finding.what);
  if (!finding.remedy.empty()) out_ << fmt::format("{:<8} → {}\n", "", finding.remedy);
  out_ << std::flush;
}

int Report::finish() {
  const auto count = [this](Verdict verdict) { return std::ranges::count(all_, verdict, &Finding::verdict); };
  if (format_ == Format::json) {
    out_ << json::serialize(json_of(all_)) << '\n';
  } else {
    const auto errors = count(Verdict::error), warnings = count(Verdict::warning);
    out_ << (errors + warnings == 0 ? std::string("\nAll is well.\n")
                                    : fmt::format("\n{} errors, {} warnings.\n", errors, warnings));
  }
  if (count(Verdict::error) != 0) return 2;
  return count(Verdict::warning) != 0 ? 1 : 0;
}

std::optional<Findings> parse_json(std::string_view text) {
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (error || !root.is_object()) return std::nullopt;
  const json::value* const all = root.as_object().if_contains("findings");
  if (all == nullptr || !all->is_array()) return std::nullopt;
  Findings out;
  for (const json::value& one : all->as_array()) {
    const auto finding = one.is_object() ? finding_of(one.as_object()) : std::nullopt;
    if (!finding) return std::nullopt;
    out.push_back(*finding);
  }
  return out;
}

}  // namespace cloister::cli::doctor
