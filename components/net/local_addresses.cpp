#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <memory>

#include "net/sockaddr.h"
#include "net/udp_port.h"

namespace cloister::net {

std::vector<SocketAddress> usable_local_addresses(IncludeLoopback loopback) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  std::vector<SocketAddress> out;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
    const auto address = from_sockaddr(*one->ifa_addr);
    if (!address || address->is_link_local()) continue;
    if (address->is_loopback() && loopback == IncludeLoopback::no) continue;
    out.push_back(address->with_port(0));
  }
  std::ranges::stable_sort(out, {}, &SocketAddress::family);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace cloister::net
