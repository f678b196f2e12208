// A server's /config.js as cloister-load reads it. Whatever comes: a server with its parts, or none.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "load/server.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  if (const auto server = cloister::load::parse_config(script))
    ASSERT(!server->login_domain.empty() && !server->room_domain.empty() && !server->web_socket.host.empty());
  cloister::load::room_of(script);
  return 0;
}
