// /proc/net: a socket has an address.
#include "audit/probes/network/socket_table.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const char* const protocol : {"tcp", "udp"})
    for (const Listener& each : parse_sockets(text, protocol)) ASSERT(!each.address.empty());
  return 0;
}
