#include "videobridge/media/incoming/receive_stream.h"

#include <cstdlib>

namespace cloister::videobridge::media {

std::int64_t ReceiveStream::unwrap(std::uint16_t sequence, Route route) {
  if (newest_ && route == Route::direct && std::abs(distance(sequence, *newest_)) > kMaxDropout) {
    unwrapper_ = {};
    duplicates_ = {};
    compactor_ = {};
    statistics = {};
    nacks.reset();
    newest_.reset();
  }
  if (route == Route::direct && (!newest_ || is_newer(sequence, *newest_))) newest_ = sequence;
  return unwrapper_.unwrap(sequence);
}

}  // namespace cloister::videobridge::media
