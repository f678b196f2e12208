// The totals of this process. They name nobody.
#pragma once

#include <string>

#include "base/metrics_text.h"
#include "gate/sign_in/sign_in.h"

namespace cloister::gate::http {

std::string metrics_text(const sign_in::SignInCounters& counters, MetricsText::Format format);

}  // namespace cloister::gate::http
