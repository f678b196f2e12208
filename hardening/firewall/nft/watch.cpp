#include "firewall/nft/watch.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <array>
#include <cerrno>

namespace cloister::firewall::nft {

Result<Watch, SystemError> Watch::make() {
  auto socket = NetlinkSocket::open(1U << (NFNLGRP_NFTABLES - 1));
  if (!socket) return fail(socket.error());
  // A message's type is in the machine's byte order; the filter loads in network order.
  constexpr std::uint16_t kNewGeneration = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN;
  std::array<sock_filter, 4> code{
      {
       BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(nlmsghdr, nlmsg_type)),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(kNewGeneration), 0, 1),
       BPF_STMT(BPF_RET | BPF_K, ~0U),
       BPF_STMT(BPF_RET | BPF_K, 0),
       }
  };
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  if (setsockopt(socket->fd(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    return fail(SystemError{std::error_code(errno, std::system_category()), "watching the packet filter"});
  return Watch(std::move(*socket));
}

bool Watch::changed() {
  bool news = false;
  for (;;) {
    const auto datagram = socket_.receive(NetlinkSocket::Wait::no);
    if (datagram && datagram->empty()) return news;
    news = true;
    if (!datagram && datagram.error().code != std::error_code(ENOBUFS, std::system_category())) return news;
  }
}

}  // namespace cloister::firewall::nft
