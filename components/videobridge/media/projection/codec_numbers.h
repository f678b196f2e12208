// What a codec counts beside RTP, rewritten for one receiver.
#pragma once

#include <variant>

#include "wire/picture_numbers.h"

namespace cloister::videobridge::media {

using CodecNumbers = std::variant<std::monostate, wire::PictureNumbers>;

}  // namespace cloister::videobridge::media
