#include "audit/probes/live/live.h"

#include "audit/probes/live/audit_kernel.h"
#include "audit/probes/live/packet_filter.h"
#include "audit/probes/live/web_server.h"

namespace cloister::audit::probes {

Doors live_doors() {
  Doors doors;
  doors.audit = read_audit_kernel;
  doors.filter = read_packet_filter;
  doors.web = look_at_web_server;
  return doors;
}

Result<System, FileError> live_system() { return System::running("/", live_doors()); }

}  // namespace cloister::audit::probes
