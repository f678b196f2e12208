#include "firewall/nft/batch.h"

#include <netinet/in.h>
// glibc's headers first: the kernel's declare the same
#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <memory>

#include "base/assert.h"
#include "firewall/nft/expressions.h"

namespace cloister::firewall::nft {
namespace {

constexpr std::size_t kLongestMessage = 64 * 1024;  // an attribute's length has 16 bits
constexpr std::size_t kElementsPerMessage = 512;    // of at most 48 bytes
constexpr std::uint32_t kTypeIpv4 = 7;              // as nft(8) numbers the types that it shows
constexpr std::uint32_t kTypeIpv6 = 8;

// The library's objects end by functions of their own.
template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;
using Table = Owned<nftnl_table, nftnl_table_free>;
using Chain = Owned<nftnl_chain, nftnl_chain_free>;
using Rule = Owned<nftnl_rule, nftnl_rule_free>;
using Set = Owned<nftnl_set, nftnl_set_free>;
using Notes = Owned<nftnl_udata_buf, nftnl_udata_buf_free>;

template <class Object, class T>
Object owned(T* allocated) {
  ASSERT(allocated);  // as operator new: without memory there is no way on
  return Object(allocated);
}

std::uint32_t hook_number(policy::Hook hook) {
  switch (hook) {
    case policy::Hook::input: return NF_INET_LOCAL_IN;
    case policy::Hook::forward: return NF_INET_FORWARD;
    case policy::Hook::output: return NF_INET_LOCAL_OUT;
    case policy::Hook::none: break;
  }
  ASSERT(false);
}

Set named_set(const char* name) {
  auto set = owned<Set>(nftnl_set_alloc());
  nftnl_set_set_str(set.get(), NFTNL_SET_TABLE, policy::kTable);
  nftnl_set_set_str(set.get(), NFTNL_SET_NAME, name);
  nftnl_set_set_u32(set.get(), NFTNL_SET_FAMILY, NFPROTO_INET);
  return set;
}

Chain named_chain(const std::string& name) {
  auto chain = owned<Chain>(nftnl_chain_alloc());
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TABLE, policy::kTable);
  nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_NAME, name.c_str());
  return chain;
}

Rule rule_of(const std::string& chain) {
  auto rule = owned<Rule>(nftnl_rule_alloc());
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_TABLE, policy::kTable);
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_CHAIN, chain.c_str());
  nftnl_rule_set_u32(rule.get(), NFTNL_RULE_FAMILY, NFPROTO_INET);
  return rule;
}

void add_comment(nftnl_rule& rule, const std::string& text) {
  const auto notes = owned<Notes>(nftnl_udata_buf_alloc(256));
  nftnl_udata_put_strz(notes.get(), NFTNL_UDATA_RULE_COMMENT, text.c_str());
  nftnl_rule_set_data(&rule, NFTNL_RULE_USERDATA, nftnl_udata_buf_data(notes.get()),
                      nftnl_udata_buf_len(notes.get()));
}

}  // namespace

Source source_of(const SocketAddress& address) {
  if (address.family() == IpFamily::v4) return Source(address.with_port(0));
  return Source(
      SocketAddress::v6(policy::Prefix::around(address, policy::source_bits(IpFamily::v6)).address, 0));
}

struct StepWriter {
  Batch& batch;

  void operator()(const policy::AddTable&) { table(NFT_MSG_NEWTABLE, NLM_F_CREATE); }
  void operator()(const policy::RemoveTable&) { table(NFT_MSG_DELTABLE, 0); }
  void operator()(const policy::AddSet& step) {
    const Set set = named_set(step.set.name.c_str());
    const bool rates = step.set.kind == policy::Set::Kind::rates;
    nftnl_set_set_u32(set.get(), NFTNL_SET_FLAGS, rates ? NFT_SET_TIMEOUT | NFT_SET_EVAL : NFT_SET_TIMEOUT);
    nftnl_set_set_u32(set.get(), NFTNL_SET_KEY_TYPE, step.set.family == IpFamily::v4 ? kTypeIpv4 : kTypeIpv6);
    nftnl_set_set_u32(set.get(), NFTNL_SET_KEY_LEN,
                      static_cast<std::uint32_t>(policy::address_bytes(step.set.family)));
    nftnl_set_set_u32(set.get(), NFTNL_SET_ID, batch.sequence_);
    nftnl_set_set_u32(set.get(), NFTNL_SET_DESC_SIZE, step.set.size);
    if (step.set.timeout.count() != 0)
      nftnl_set_set_u64(set.get(), NFTNL_SET_TIMEOUT,
                        static_cast<std::uint64_t>(step.set.timeout.count()) * 1000);
    nlmsghdr* head = batch.begin(NFT_MSG_NEWSET, NLM_F_CREATE);
    nftnl_set_nlmsg_build_payload(head, set.get());
    batch.took(head);
  }
  void operator()(const policy::RemoveSet& step) {
    const Set set = named_set(step.name.c_str());
    nlmsghdr* head = batch.begin(NFT_MSG_DELSET, 0);
    nftnl_set_nlmsg_build_payload(head, set.get());
    batch.took(head);
  }
  void operator()(const policy::AddChain& step) {
    const Chain chain = named_chain(step.chain.name);
    nftnl_chain_set_str(chain.get(), NFTNL_CHAIN_TYPE, "filter");
    nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_HOOKNUM, hook_number(step.chain.hook));
    nftnl_chain_set_s32(chain.get(), NFTNL_CHAIN_PRIO, step.chain.priority);
    nftnl_chain_set_u32(chain.get(), NFTNL_CHAIN_POLICY,
                        step.chain.policy == policy::Verdict::accept ? NF_ACCEPT : NF_DROP);
    nlmsghdr* head = batch.begin(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
    nftnl_chain_nlmsg_build_payload(head, chain.get());
    batch.took(head);
  }
  void operator()(const policy::RemoveChain& step) {
    const Chain chain = named_chain(step.name);
    nlmsghdr* head = batch.begin(NFT_MSG_DELCHAIN, 0);
    nftnl_chain_nlmsg_build_payload(head, chain.get());
    batch.took(head);
  }
  void operator()(const policy::EmptyChain& step) {  // a rule without a handle means all of the chain
    const Rule rule = rule_of(step.name);
    nlmsghdr* head = batch.begin(NFT_MSG_DELRULE, 0);
    nftnl_rule_nlmsg_build_payload(head, rule.get());
    batch.took(head);
  }
  void operator()(const policy::AddRule& step) {
    const Rule rule = rule_of(step.chain);
    add_comment(*rule, step.rule.name);
    write_expressions(*rule, step.rule);
    nlmsghdr* head = batch.begin(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
    nftnl_rule_nlmsg_build_payload(head, rule.get());
    batch.took(head);
  }

  void table(std::uint16_t type, std::uint16_t flags) {
    const auto table = owned<Table>(nftnl_table_alloc());
    nftnl_table_set_str(table.get(), NFTNL_TABLE_NAME, policy::kTable);
    nftnl_table_set_u32(table.get(), NFTNL_TABLE_FAMILY, NFPROTO_INET);
    nlmsghdr* head = batch.begin(type, flags);
    nftnl_table_nlmsg_build_payload(head, table.get());
    batch.took(head);
  }
};

Batch::Batch(std::optional<std::uint32_t> generation) {
  nlmsghdr* head = nftnl_batch_begin(room(), sequence_);
  if (generation) mnl_attr_put_u32(head, NFNL_BATCH_GENID, htonl(*generation));
  took(head);
}

Batch::~Batch() { wipe(buffer_.data(), buffer_.size()); }

void Batch::add(const policy::Step& step) { std::visit(StepWriter{*this}, step); }

void Batch::ban(std::span<const Source> sources, std::chrono::seconds time) {
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const char* set = policy::ban_set(family);
    std::vector<Source> of_family;
    std::ranges::copy_if(sources, std::back_inserter(of_family),
                         [&](const Source& source) { return source.expose().family() == family; });
    // COMPAT(Linux 6.11 and older): there an element keeps the time it came with. Made, removed and made
    // again in one transaction it gets the new one, whether or not it was there before.
    elements(NFT_MSG_NEWSETELEM, set, of_family, time);
    elements(NFT_MSG_DELSETELEM, set, of_family, {});
    elements(NFT_MSG_NEWSETELEM, set, of_family, time);
  }
}

void Batch::unban(const Source& source) {
  elements(NFT_MSG_DELSETELEM, policy::ban_set(source.expose().family()), std::span(&source, 1), {});
}

void Batch::elements(std::uint16_t type, const char* name, std::span<const Source> sources,
                     std::optional<std::chrono::seconds> time) {
  while (!sources.empty()) {
    const auto some = sources.first(std::min(sources.size(), kElementsPerMessage));
    sources = sources.subspan(some.size());
    const Set set = named_set(name);
    for (const Source& source : some) {
      nftnl_set_elem* element = nftnl_set_elem_alloc();
      ASSERT(element);
      const Bytes key = source.expose().ip();
      nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, key.data(), static_cast<std::uint32_t>(key.size()));
      if (time)
        nftnl_set_elem_set_u64(element, NFTNL_SET_ELEM_TIMEOUT,
                               static_cast<std::uint64_t>(time->count()) * 1000);
      nftnl_set_elem_add(set.get(), element);  // the set's now
    }
    nlmsghdr* head = begin(type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
    nftnl_set_elems_nlmsg_build_payload(head, set.get());
    took(head);
  }
}

Bytes Batch::finish() {
  auto* acknowledged = reinterpret_cast<nlmsghdr*>(buffer_.data() + last_at_);
  acknowledged->nlmsg_flags |= NLM_F_ACK;
  last_ = acknowledged->nlmsg_seq;
  const nlmsghdr* end = nftnl_batch_end(room(), sequence_);
  used_ += MNL_ALIGN(end->nlmsg_len);
  return Bytes(buffer_).first(used_);
}

char* Batch::room() {
  if (buffer_.size() - used_ < kLongestMessage)
    buffer_.resize(std::max(2 * buffer_.size(), used_ + kLongestMessage));
  return reinterpret_cast<char*>(buffer_.data() + used_);
}

void Batch::took(const nlmsghdr* head) {
  last_at_ = used_;
  used_ += MNL_ALIGN(head->nlmsg_len);
  ++sequence_;
}

nlmsghdr* Batch::begin(std::uint16_t type, std::uint16_t flags) {
  return nftnl_nlmsg_build_hdr(room(), type, NFPROTO_INET, flags, sequence_);
}

}  // namespace cloister::firewall::nft
