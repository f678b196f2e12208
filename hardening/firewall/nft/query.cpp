#include "firewall/nft/query.h"

#include <netinet/in.h>
// glibc's headers first: the kernel's declare the same
#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "firewall/policy/ruleset.h"

namespace cloister::firewall::nft {
namespace {

constexpr const char* kReading = "reading the packet filter's rules";
constexpr std::uint32_t kSequence = 1;  // one question at a time

tl::unexpected<SystemError> failed(int error) {
  return fail(SystemError{std::error_code(error, std::system_category()), kReading});
}

Bytes write(const Query& query, std::array<char, 1024>& into) {
  const std::uint16_t flags = query.scope == Query::Scope::all ? NLM_F_DUMP : NLM_F_ACK;
  nlmsghdr* head = nftnl_nlmsg_build_hdr(into.data(), query.type, query.family, flags, kSequence);
  if (query.table) mnl_attr_put_strz(head, query.table, policy::kTable);
  if (query.set) mnl_attr_put_strz(head, query.set, query.set_name.c_str());
  return std::as_bytes(std::span(into)).first(head->nlmsg_len);
}

}  // namespace

Result<void, SystemError> ask(NetlinkSocket& socket, const Query& query,
                              const std::function<void(Bytes)>& each) {
  std::array<char, 1024> buffer{};
  if (auto sent = socket.send(write(query, buffer)); !sent) return sent;
  bool interrupted = false;
  for (;;) {
    const auto datagram = socket.receive(NetlinkSocket::Wait::yes);
    if (!datagram) return fail(datagram.error());
    Messages messages(*datagram);
    while (const auto message = messages.next()) {
      if (message->sequence != kSequence) continue;
      interrupted = interrupted || (message->flags & NLM_F_DUMP_INTR) != 0;
      if (const auto error = error_of(*message)) {
        if (*error != 0) return failed(*error);
        return interrupted ? Result<void, SystemError>(failed(EINTR)) : Result<void, SystemError>{};
      }
      if (message->type >> 8 == NFNL_SUBSYS_NFTABLES) each(attributes_of(*message));
    }
  }
}

}  // namespace cloister::firewall::nft
