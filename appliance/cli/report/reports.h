// The privacy notice, and the record of processing that Article 30 of the GDPR asks of an operator: of what
// this machine does, as far as it can be seen. What only the operator knows is left to be filled in.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/report/document.h"
#include "cli/report/sentences.h"

namespace cloister::cli::report {

struct Judged {
  const Sentence* sentence = nullptr;
  Evidence evidence;
};

std::vector<Judged> judge(const Subject& subject);

// `host`: the server's public name.
Document privacy_notice(const std::string& host, const std::vector<Judged>& judged,
                        std::chrono::system_clock::time_point now);
Document record_of_processing(const std::string& host, const std::vector<Judged>& judged,
                              std::chrono::system_clock::time_point now);

// Every sentence holds.
bool all_hold(const std::vector<Judged>& judged);

}  // namespace cloister::cli::report
