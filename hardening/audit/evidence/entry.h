// A run in the chain of runs: when and where, which report, after which entry. The signature is over all of
// it, the next entry names its digest: no earlier one can be changed, left out or moved without breaking the
// chain.
#pragma once

#include <cstdint>
#include <string>

#include "audit/evidence/signature.h"

namespace cloister::audit::evidence {

inline constexpr const char* kNoEntry = "0000000000000000000000000000000000000000000000000000000000000000";

struct Entry {
  std::uint64_t number = 1;  // from 1, without gaps
  std::string time;          // UTC: "2026-11-21T20:15:00Z"
  std::string host;          // its name
  std::string report;        // digest of the report's text
  std::string previous;      // digest of the entry before; kNoEntry for the first
  std::string key;           // id of the signer's key
  std::string signature;     // over signed_text()
  friend bool operator==(const Entry&, const Entry&) = default;
};

// The fields in order, a line each, under a line that says what it is. None of them holds a line end.
std::string signed_text(const Entry& entry);

// Of the signed text and its signature.
std::string digest_of(const Entry& entry);

// Are the fields of the form they have to be of?
bool is_well_formed(const Entry& entry);

struct Moment {
  std::string time;
  std::string host;
};
Entry signed_entry(const SigningKey& key, const Moment& moment, const std::string& report,
                   const Entry* previous);

}  // namespace cloister::audit::evidence
