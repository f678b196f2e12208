// The machine that this program runs on, with all its doors.
#pragma once

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

Doors live_doors();
Result<System, FileError> live_system();

}  // namespace cloister::audit::probes
