#include "videobridge/conference/environment/conference_settings.h"

#include <algorithm>

namespace cloister::videobridge::conference {
namespace {

int stricter(int a, int b) {
  if (a < 0) return b;
  return b < 0 ? a : std::min(a, b);
}

}  // namespace

bandwidth::LastNLimits ConferenceSettings::limits(std::size_t participants) const {
  bandwidth::LastNLimits out = last_n;
  out.bridge = stricter(out.bridge, load_last_n);
  for (const SizeLimit& limit : last_n_by_size)
    if (participants >= limit.participants) out.conference = stricter(last_n.conference, limit.last_n);
  return out;
}

}  // namespace cloister::videobridge::conference
