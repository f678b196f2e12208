// What all reports for people say in the same words.
#pragma once

#include <string>
#include <vector>

#include "audit/engine/report.h"

namespace cloister::audit::reports {

// What needs a person first.
inline constexpr model::Verdict kReadingOrder[] = {
    model::Verdict::error,          model::Verdict::fail,      model::Verdict::manual,
    model::Verdict::not_judged,     model::Verdict::exception, model::Verdict::alternative,
    model::Verdict::not_applicable, model::Verdict::pass,
};

const char* heading(model::Verdict verdict);        // "Could not be judged: something could not be read"
const char* short_heading(model::Verdict verdict);  // at most seven letters

// "Cloister audit of this running machine: CIS …, level 2, profile server (cloister 0.1.0)"
std::string subject_of(const engine::Report& report);
std::string conclusion_of(const engine::Report& report);

// A look with its facts, a line each.
std::vector<std::string> lines_of(const model::Evidence& evidence);

}  // namespace cloister::audit::reports
