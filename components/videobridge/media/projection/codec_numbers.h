// What a codec counts beside RTP, rewritten for one receiver. A dependency descriptor goes along only where
// its numbers are among these: next to rewritten picture ids it would tell another story.
#pragma once

#include <variant>

#include "wire/dependency_descriptor.h"
#include "wire/picture_numbers.h"

namespace cloister::videobridge::media {

using CodecNumbers = std::variant<std::monostate, wire::PictureNumbers, wire::DependencyNumbers>;

}  // namespace cloister::videobridge::media
