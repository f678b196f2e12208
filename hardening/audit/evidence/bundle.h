// What is exported: one report with the chain of entries up to its own, as JSON. It proves itself with the
// public key alone. What it cannot prove: that no later run was left out. docs/auditor/evidence.md
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/engine/report.h"
#include "audit/evidence/entry.h"

namespace cloister::audit::evidence {

struct Bundle {
  std::vector<Entry> chain;  // the last is the report's
  std::string report;        // JSON, byte by byte as it was signed
  friend bool operator==(const Bundle&, const Bundle&) = default;
};

std::string json_text(const Bundle& bundle);
Result<Bundle, std::string> parse_bundle(std::string_view text);

// The report when everything holds; else what does not, in a sentence.
Result<engine::Report, std::string> verify(const Bundle& bundle, const PublicKey& key);

// The chain alone.
Result<void, std::string> verify_chain(const std::vector<Entry>& chain, const PublicKey& key);

}  // namespace cloister::audit::evidence
