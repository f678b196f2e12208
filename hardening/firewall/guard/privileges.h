// All that this process may still do once it has begun: change the packet filter, and what any process of its
// user may do. For good: nothing it would start gets more.
#pragma once

#include "base/result.h"

namespace cloister::firewall::guard {

// Keeps CAP_NET_ADMIN and no other capability, forbids core dumps and being traced. EPERM when it is not
// there to be kept.
Result<void, SystemError> keep_only_net_admin();

}  // namespace cloister::firewall::guard
