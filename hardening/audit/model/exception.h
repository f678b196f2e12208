// A check that fails and is answered for. Values only.
#pragma once

#include <optional>
#include <string>

#include "audit/model/check.h"

namespace cloister::audit::model {

struct Exception {
  enum class Origin : std::uint8_t { product, site };
  std::string check;
  std::string reason;
  std::string risk;
  std::string compensation;  // what is done instead
  std::string accepted_by;
  std::string review;             // the last day it covers, "2027-01-31"
  std::optional<Condition> when;  // covers only where this holds
  Origin origin = Origin::site;
  std::string file;
  int line = 0;
};

// "product" or "site".
const char* word(Exception::Origin origin);

}  // namespace cloister::audit::model
