// Text inside HTML and XML.
#pragma once

#include <string>
#include <string_view>

namespace cloister::audit::reports {

// Fit for elements and quoted attributes of both. The text is printable (engine/printable.h).
std::string escaped(std::string_view text);

}  // namespace cloister::audit::reports
