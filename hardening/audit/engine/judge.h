// One check on one machine → Finding.
#pragma once

#include <functional>
#include <vector>

#include "audit/model/check.h"
#include "audit/model/verdict.h"

namespace cloister::audit::engine {

// Asks a probe. A test answers with what it likes.
using Look = std::function<model::Observation(const model::ProbeCall&)>;

// What is known of a condition. In the order of who wins where several must hold.
enum class Truth : std::uint8_t { fails, unreadable, needs_running, holds };

struct Judgement {
  Truth truth = Truth::fails;
  std::vector<model::Evidence> evidence;  // of each look, in the order of the file
};

Judgement judge(const model::Condition& condition, const Look& look);

enum class Machine : std::uint8_t { running, unpacked };

// Without exceptions, which are another's business (exceptions.h).
model::Finding judge(const model::Check& check, Machine machine, const Look& look);

}  // namespace cloister::audit::engine
