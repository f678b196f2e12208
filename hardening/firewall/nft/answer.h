// What the kernel says, taken apart: messages (RFC 3549 §2.3.2) and their attributes (linux/netlink.h:
// nlattr), both in the machine's byte order. Any bytes may be read; what does not fit its frame ends the
// reading.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace cloister::firewall::nft {

struct Message {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  Bytes body;
};

// Runs through the messages of one datagram.
class Messages {
public:
  explicit Messages(Bytes datagram) : rest_(datagram) {}
  // Nothing at the end, and at the first that does not fit.
  std::optional<Message> next();

private:
  Bytes rest_;
};

struct Attribute {
  std::uint16_t type = 0;  // without its flags
  Bytes body;

  // Absent when the size differs. nf_tables sends its numbers in network order.
  std::optional<std::uint32_t> u32() const;
  std::optional<std::uint64_t> u64() const;
  std::string text() const;  // up to its zero
};

class Attributes {
public:
  explicit Attributes(Bytes in) : rest_(in) {}
  std::optional<Attribute> next();

private:
  Bytes rest_;
};

// The first attribute of this type; one without a body when there is none.
std::optional<Attribute> find_attribute(Bytes in, std::uint16_t type);
std::optional<std::uint32_t> find_u32(Bytes in, std::uint16_t type);
std::optional<std::uint64_t> find_u64(Bytes in, std::uint16_t type);
std::string find_text(Bytes in, std::uint16_t type);
Bytes find_body(Bytes in, std::uint16_t type);

// The attributes of a message of netfilter, behind its head (nfgenmsg).
Bytes attributes_of(const Message& message);

// A message of type NLMSG_ERROR, or NLMSG_DONE with a status: the error number, 0 for an acknowledgement.
std::optional<int> error_of(const Message& message);

}  // namespace cloister::firewall::nft
