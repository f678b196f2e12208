#include "firewall/guard/privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace cloister::firewall::guard {
namespace {

Result<void, SystemError> failed(const char* doing) {
  return fail(SystemError{std::error_code(errno, std::system_category()), doing});
}

// Who is not allowed to drop from the bounding set cannot gain from it either: no_new_privs is set before.
void drop_bounding_set() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
    if (capability != CAP_NET_ADMIN) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

constexpr std::uint32_t kNetAdmin = 1U << CAP_NET_ADMIN;

// As systemd gives it; then the sandbox need not allow to change capabilities.
bool has_only_net_admin() {
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> data{};
  if (syscall(SYS_capget, &head, data.data()) != 0) return false;
  return data[0].permitted == kNetAdmin && data[0].effective == kNetAdmin && data[1].permitted == 0;
}

Result<void, SystemError> set_capabilities() {
  if (has_only_net_admin()) return {};
  __user_cap_header_struct head{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const std::array<__user_cap_data_struct, 2> data{
      {{kNetAdmin, kNetAdmin, 0}, {0, 0, 0}}
  };
  if (syscall(SYS_capset, &head, data.data()) != 0)
    return failed("keeping the capability to set the packet filter");
  return {};
}

}  // namespace

Result<void, SystemError> keep_only_net_admin() {
  constexpr rlimit kNone{0, 0};
  if (setrlimit(RLIMIT_CORE, &kNone) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return failed("forbidding core dumps");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("forbidding new privileges");
  drop_bounding_set();
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return set_capabilities();
}

}  // namespace cloister::firewall::guard
