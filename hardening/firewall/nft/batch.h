// One transaction for the kernel: all of it comes true at once, or nothing does.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/personal.h"
#include "base/socket_address.h"
#include "firewall/policy/steps.h"

struct nlmsghdr;

namespace cloister::firewall::nft {

// Who is banned: an address cut to what counts as one source (policy::source_bits), port 0.
using Source = Personal<SocketAddress>;
Source source_of(const SocketAddress& address);

class Batch {
public:
  // `generation`: the kernel refuses (ERESTART) when its rules are not those of that reading any more.
  explicit Batch(std::optional<std::uint32_t> generation = {});
  ~Batch();  // wipes: it held addresses
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  void add(const policy::Step& step);
  // Sources that are banned already get the new time. Each at most once.
  void ban(std::span<const Source> sources, std::chrono::seconds time);
  void unban(const Source& source);
  // Nothing can be added after this. Valid while the batch lives.
  Bytes finish();

  std::uint32_t first() const { return 1; }     // sequence number of its begin
  std::uint32_t last() const { return last_; }  // of the message that is acknowledged
  bool empty() const { return last_ == first(); }

private:
  friend struct StepWriter;

  char* room();                     // for one message
  void took(const nlmsghdr* head);  // its size is known now
  nlmsghdr* begin(std::uint16_t type, std::uint16_t flags);
  void elements(std::uint16_t type, const char* set, std::span<const Source> sources,
                std::optional<std::chrono::seconds> time);

  std::vector<std::byte> buffer_;
  std::size_t used_ = 0;
  std::size_t last_at_ = 0;
  std::uint32_t sequence_ = 1;
  std::uint32_t last_ = 1;
};

}  // namespace cloister::firewall::nft
