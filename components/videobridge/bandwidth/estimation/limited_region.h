// Is the application the limit (ALR)? It is while it sends clearly less than the estimate would allow: then
// what arrives says nothing of what could.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

class LimitedRegion {
public:
  // `bytes` were sent since the last call.
  void update(std::int64_t bytes, std::int64_t estimate, TimePoint now);
  bool is_limited() const { return limited_; }

private:
  std::optional<TimePoint> updated_;
  std::int64_t unused_ = 0;  // bytes of the share, of the last half second
  bool limited_ = false;
};

}  // namespace cloister::videobridge::bandwidth::estimation
