#include "firewall/nft/answer.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>

namespace cloister::firewall::nft {
namespace {

// Every frame is followed by zeros up to a multiple of four.
Bytes behind(Bytes in, std::size_t size) {
  const std::size_t padded = (size + 3) & ~std::size_t{3};
  return in.subspan(std::min(padded, in.size()));
}

template <class T>
T head_of(Bytes in) {
  T head{};
  std::memcpy(&head, in.data(), sizeof head);
  return head;
}

}  // namespace

std::optional<Message> Messages::next() {
  if (rest_.size() < sizeof(nlmsghdr)) return std::nullopt;
  const auto head = head_of<nlmsghdr>(rest_);
  if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest_.size()) return std::nullopt;
  const Message out{head.nlmsg_type, head.nlmsg_flags, head.nlmsg_seq,
                    rest_.first(head.nlmsg_len).subspan(sizeof head)};
  rest_ = behind(rest_, head.nlmsg_len);
  return out;
}

std::optional<Attribute> Attributes::next() {
  if (rest_.size() < sizeof(nlattr)) return std::nullopt;
  const auto head = head_of<nlattr>(rest_);
  if (head.nla_len < sizeof head || head.nla_len > rest_.size()) return std::nullopt;
  const Attribute out{static_cast<std::uint16_t>(head.nla_type & NLA_TYPE_MASK),
                      rest_.first(head.nla_len).subspan(sizeof head)};
  rest_ = behind(rest_, head.nla_len);
  return out;
}

std::optional<std::uint32_t> Attribute::u32() const {
  if (body.size() != 4) return std::nullopt;
  return get_u32(body, 0);
}

std::optional<std::uint64_t> Attribute::u64() const {
  if (body.size() != 8) return std::nullopt;
  return std::uint64_t{get_u32(body, 0)} << 32 | get_u32(body, 4);
}

std::string Attribute::text() const {
  const std::string_view all = as_text(body);
  return std::string(all.substr(0, all.find('\0')));
}

std::optional<Attribute> find_attribute(Bytes in, std::uint16_t type) {
  Attributes attributes(in);
  while (const auto attribute = attributes.next())
    if (attribute->type == type) return attribute;
  return std::nullopt;
}

std::optional<std::uint32_t> find_u32(Bytes in, std::uint16_t type) {
  const auto found = find_attribute(in, type);
  return found ? found->u32() : std::nullopt;
}

std::optional<std::uint64_t> find_u64(Bytes in, std::uint16_t type) {
  const auto found = find_attribute(in, type);
  return found ? found->u64() : std::nullopt;
}

std::string find_text(Bytes in, std::uint16_t type) {
  const auto found = find_attribute(in, type);
  return found ? found->text() : std::string();
}

Bytes find_body(Bytes in, std::uint16_t type) {
  const auto found = find_attribute(in, type);
  return found ? found->body : Bytes{};
}

Bytes attributes_of(const Message& message) {
  return message.body.size() < sizeof(nfgenmsg) ? Bytes{} : message.body.subspan(sizeof(nfgenmsg));
}

std::optional<int> error_of(const Message& message) {
  if (message.type != NLMSG_ERROR && message.type != NLMSG_DONE) return std::nullopt;
  if (message.body.size() < sizeof(int)) return message.type == NLMSG_DONE ? 0 : EPROTO;
  constexpr int kHighest = 4095;  // what the kernel uses (linux/err.h)
  const int status = head_of<int>(message.body);
  return status > 0 || status < -kHighest ? EPROTO : -status;
}

}  // namespace cloister::firewall::nft
