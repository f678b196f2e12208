// The kernel's packet filter, asked over netlink; needs CAP_NET_ADMIN.
#pragma once

#include "audit/probes/system/doors.h"

namespace cloister::audit::probes {

Result<PacketFilter, SystemError> read_packet_filter();

}  // namespace cloister::audit::probes
