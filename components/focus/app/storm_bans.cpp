#include "focus/app/storm_bans.h"

#include <algorithm>

#include "base/log.h"
#include "firewall/protocol/client.h"

namespace cloister::focus::app {
namespace {

constexpr std::size_t kMost = 64;  // requests at once: the busiest sources come first

}  // namespace

// One request each: the guard refuses a whole one for a single address that may not be banned.
void ban_stormers(const std::string& guard_socket, const std::vector<Personal<std::string>>& addresses,
                  Duration length) {
  using namespace firewall::protocol;
  const auto time = std::chrono::ceil<std::chrono::seconds>(length);
  for (std::size_t i = 0; i < std::min(addresses.size(), kMost); ++i) {
    const auto address = SocketAddress::parse(addresses[i].expose(), 0);
    if (!address) continue;
    if (tell(guard_socket, {.kind = Kind::ban, .time = time, .addresses = {Personal(*address)}})) continue;
    return log::warning("the firewall guard could not be asked for a ban");
  }
}

}  // namespace cloister::focus::app
