#include "audit/probes/live/audit_kernel.h"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "audit/probes/journal/audit_rule_bytes.h"

namespace cloister::audit::probes {
namespace {

constexpr const char* kDoing = "asking the kernel for its audit rules";
constexpr timeval kPatience = {.tv_sec = 2, .tv_usec = 0};
constexpr std::size_t kMostMessages = 20000;

SystemError error_of(int code) {
  return {
      {code, std::generic_category()},
      kDoing
  };
}

// Nobody is there to answer: not the same as being refused.
bool is_without_audit(const SystemError& error) {
  return error.code == std::errc::protocol_not_supported || error.code == std::errc::connection_refused;
}

class AuditSocket {
public:
  static Result<AuditSocket, SystemError> open() {
    AuditSocket opened(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT));
    if (opened.number_ < 0) return fail(error_of(errno));
    if (setsockopt(opened.number_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0)
      return fail(error_of(errno));
    return opened;
  }
  AuditSocket(AuditSocket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  AuditSocket& operator=(AuditSocket&&) = delete;
  ~AuditSocket() {
    if (number_ >= 0) close(number_);
  }

  // Calls on_answer(payload) for every message of the question's type, until on_answer says enough, or the
  // kernel that this was all.
  template <class OnAnswer>
  Result<void, SystemError> ask(std::uint16_t type, OnAnswer on_answer) {
    if (const int error = send(type); error != 0) return fail(error_of(error));
    for (std::size_t count = 0; count < kMostMessages; ++count) {
      const ssize_t size = recv(number_, buffer_.data(), buffer_.size(), 0);
      if (size < 0) return fail(error_of(errno == EAGAIN ? ETIMEDOUT : errno));
      std::span<const std::byte> left(buffer_.data(), static_cast<std::size_t>(size));
      while (left.size() >= sizeof(nlmsghdr)) {
        nlmsghdr header{};
        std::memcpy(&header, left.data(), sizeof header);
        // COMPAT(kernel): audit's answers to AUDIT_GET give their length without the header.
        const std::size_t length =
            std::min<std::size_t>(std::max<std::size_t>(header.nlmsg_len, sizeof header), left.size());
        const auto payload = left.subspan(sizeof header, length - sizeof header);
        if (header.nlmsg_type == NLMSG_ERROR) {
          if (const int error = error_in(payload); error != 0) return fail(error_of(error));
        } else if (header.nlmsg_type == NLMSG_DONE) {
          return {};
        } else if (header.nlmsg_type == type && on_answer(payload)) {
          return {};
        }
        left = left.subspan(std::min<std::size_t>(NLMSG_ALIGN(length), left.size()));
      }
    }
    return fail(error_of(EMSGSIZE));
  }

private:
  explicit AuditSocket(int number) : number_(number) {}

  int send(std::uint16_t type) {
    nlmsghdr question{};
    question.nlmsg_len = NLMSG_LENGTH(0);
    question.nlmsg_type = type;
    question.nlmsg_flags = NLM_F_REQUEST;
    question.nlmsg_seq = ++sequence_;
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    const auto* to = reinterpret_cast<const sockaddr*>(&kernel);
    return sendto(number_, &question, question.nlmsg_len, 0, to, sizeof kernel) < 0 ? errno : 0;
  }

  static int error_in(std::span<const std::byte> payload) {
    std::int32_t negative = 0;
    if (payload.size() < sizeof negative) return EBADMSG;
    std::memcpy(&negative, payload.data(), sizeof negative);
    return -negative;
  }

  int number_;
  std::uint32_t sequence_ = 0;
  std::array<std::byte, 16384> buffer_{};
};

Result<AuditKernel, SystemError> read_all() {
  auto kernel_socket = AuditSocket::open();
  if (!kernel_socket) return fail(kernel_socket.error());
  AuditKernel kernel;
  const auto status = kernel_socket->ask(AUDIT_GET, [&](std::span<const std::byte> payload) {
    audit_status answer{};
    std::memcpy(&answer, payload.data(), std::min(payload.size(), sizeof answer));
    kernel.enabled = answer.enabled;
    return true;
  });
  if (!status) return fail(status.error());
  bool readable = true;
  const auto rules = kernel_socket->ask(AUDIT_LIST_RULES, [&](std::span<const std::byte> payload) {
    if (auto rule = parse_audit_rule_bytes(payload))
      kernel.rules.push_back(std::move(*rule));
    else
      readable = false;
    return false;
  });
  if (!rules) return fail(rules.error());
  if (!readable) return fail(error_of(EBADMSG));
  return kernel;
}

}  // namespace

Result<AuditKernel, SystemError> read_audit_kernel() {
  auto kernel = read_all();
  if (!kernel && is_without_audit(kernel.error())) return AuditKernel{};
  return kernel;
}

}  // namespace cloister::audit::probes
