#include "net/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <memory>

#include "net/sockaddr.h"

namespace cloister::net {

std::vector<LocalAddress> local_addresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  std::vector<LocalAddress> out;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const auto address = from_sockaddr(*one->ifa_addr);
    if (address) out.push_back({one->ifa_name, address->with_port(0), (one->ifa_flags & IFF_UP) != 0});
  }
  return out;
}

std::vector<SocketAddress> usable_addresses(const std::vector<LocalAddress>& all, IncludeLoopback loopback) {
  std::vector<SocketAddress> out;
  for (const auto& [interface, address, up] : all) {
    if (!up || address.is_link_local()) continue;
    if (address.is_loopback() && loopback == IncludeLoopback::no) continue;
    if (std::ranges::find(out, address) == out.end()) out.push_back(address);
  }
  std::ranges::stable_sort(out, {}, &SocketAddress::family);
  return out;
}

std::vector<SocketAddress> usable_local_addresses(IncludeLoopback loopback) {
  return usable_addresses(local_addresses(), loopback);
}

}  // namespace cloister::net
