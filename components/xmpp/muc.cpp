#include "xmpp/muc.h"

#include <algorithm>

namespace cloister::xmpp {

bool MucPresence::has_status(int code) const { return std::ranges::find(status, code) != status.end(); }

}  // namespace cloister::xmpp
