// The packet filter, as the guard sees it. One thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "base/result.h"
#include "firewall/nft/batch.h"
#include "firewall/nft/netlink_socket.h"
#include "firewall/policy/ruleset.h"
#include "firewall/policy/steps.h"

namespace cloister::firewall::nft {

struct Running {
  std::optional<policy::Ruleset> rules;  // absent: there is no table of ours
  std::uint32_t generation = 0;          // of this reading; every change by anybody makes a new one
};

struct BanCounts {
  std::size_t v4 = 0;
  std::size_t v6 = 0;
  friend bool operator==(const BanCounts&, const BanCounts&) = default;
};

// A test answers in its place.
struct Kernel {
  virtual ~Kernel() = default;
  virtual Result<Running, SystemError> read() = 0;
  // All or nothing. ERESTART when the rules are not of that generation any more.
  virtual Result<void, SystemError> commit(std::span<const policy::Step> steps, std::uint32_t generation) = 0;
  // All or nothing, each source once. ENFILE when the set is full.
  virtual Result<void, SystemError> ban(std::span<const Source> sources, std::chrono::seconds time) = 0;
  // ENOENT when it is not banned.
  virtual Result<void, SystemError> unban(const Source& source) = 0;
  virtual Result<BanCounts, SystemError> count_bans() = 0;
};

// Brings the rules to what is wanted, again when somebody else changed them meanwhile. True when there was
// something to do.
Result<bool, SystemError> bring(Kernel& kernel, const policy::Ruleset& wanted);

class NetlinkKernel final : public Kernel {
public:
  static Result<std::unique_ptr<NetlinkKernel>, SystemError> make();

  Result<Running, SystemError> read() override;
  Result<void, SystemError> commit(std::span<const policy::Step> steps, std::uint32_t generation) override;
  Result<void, SystemError> ban(std::span<const Source> sources, std::chrono::seconds time) override;
  Result<void, SystemError> unban(const Source& source) override;
  Result<BanCounts, SystemError> count_bans() override;

private:
  explicit NetlinkKernel(NetlinkSocket socket) : socket_(std::move(socket)) {}
  Result<void, SystemError> execute(Batch& batch, const char* doing);

  NetlinkSocket socket_;
};

}  // namespace cloister::firewall::nft
