#include "firewall/nft/kernel.h"

#include <linux/netfilter/nf_tables.h>

#include <algorithm>

#include "firewall/nft/answer.h"
#include "firewall/nft/decode.h"
#include "firewall/nft/query.h"

namespace cloister::firewall::nft {
namespace {

constexpr int kAttempts = 20;  // against somebody who changes rules all the time

tl::unexpected<SystemError> failed(int error, const char* doing) {
  return fail(SystemError{std::error_code(error, std::system_category()), doing});
}

bool is(const SystemError& error, int number) {
  return error.code == std::error_code(number, std::system_category());
}

// One reading of all that the table holds.
class Reading {
public:
  explicit Reading(NetlinkSocket& socket) : socket_(socket) {}

  Result<Running, SystemError> run() {
    Running out;
    if (auto asked = generation(out.generation); !asked) return fail(asked.error());
    const auto found = table();
    if (!found) return fail(found.error());
    if (!*found) return out;
    for (const auto part : {&Reading::sets, &Reading::chains, &Reading::rules, &Reading::others})
      if (auto asked = (this->*part)(); !asked) return fail(asked.error());
    out.rules = std::move(rules_);
    return out;
  }

private:
  using Asked = Result<void, SystemError>;

  Asked generation(std::uint32_t& into) {
    return ask(socket_, {.type = NFT_MSG_GETGEN, .scope = Query::Scope::one, .set_name = {}},
               [&](Bytes in) { into = find_u32(in, NFTA_GEN_ID).value_or(0); });
  }
  Result<bool, SystemError> table() {
    const auto asked =
        ask(socket_,
            {.type = NFT_MSG_GETTABLE, .scope = Query::Scope::one, .table = NFTA_TABLE_NAME, .set_name = {}},
            [&](Bytes in) { rules_.foreign = find_u32(in, NFTA_TABLE_FLAGS).value_or(0) != 0; });
    if (!asked && is(asked.error(), ENOENT)) return false;
    if (!asked) return fail(asked.error());
    return true;
  }
  Asked sets() {
    return ask(socket_, all(NFT_MSG_GETSET, NFTA_SET_TABLE), [&](Bytes in) {
      if (auto set = decode_set(in)) rules_.sets.push_back(std::move(*set));
    });
  }
  Asked chains() {
    return ask(socket_, all(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE), [&](Bytes in) {
      if (auto chain = decode_chain(in)) rules_.chains.push_back(std::move(*chain));
    });
  }
  Asked rules() {
    return ask(socket_, all(NFT_MSG_GETRULE, NFTA_RULE_TABLE), [&](Bytes in) {
      auto rule = decode_rule(in);
      if (!rule) return;
      const auto chain = std::ranges::find(rules_.chains, rule->chain, &policy::Chain::name);
      if (chain != rules_.chains.end()) chain->rules.push_back(std::move(rule->rule));
    });
  }
  // Named counters, quotas, flow tables: this program makes none.
  Asked others() {
    const auto foreign = [this](std::uint16_t table) {
      return [this, table](Bytes in) {
        rules_.foreign = rules_.foreign || find_text(in, table) == policy::kTable;
      };
    };
    if (auto asked = ask(socket_, all(NFT_MSG_GETOBJ, NFTA_OBJ_TABLE), foreign(NFTA_OBJ_TABLE)); !asked)
      return asked;
    return ask(socket_, all(NFT_MSG_GETFLOWTABLE, NFTA_FLOWTABLE_TABLE), foreign(NFTA_FLOWTABLE_TABLE));
  }
  static Query all(std::uint16_t type, std::uint16_t table) {
    return {.type = type, .scope = Query::Scope::all, .table = table, .set_name = {}};
  }

  NetlinkSocket& socket_;
  policy::Ruleset rules_;
};

}  // namespace

Result<bool, SystemError> bring(Kernel& kernel, const policy::Ruleset& wanted) {
  for (int attempt = 1;; ++attempt) {
    const auto running = kernel.read();
    if (!running) return fail(running.error());
    const auto steps = policy::steps(running->rules, wanted);
    if (steps.empty()) return false;
    const auto done = kernel.commit(steps, running->generation);
    if (done) return true;
    if (!is(done.error(), ERESTART) || attempt == kAttempts) return fail(done.error());
  }
}

Result<std::unique_ptr<NetlinkKernel>, SystemError> NetlinkKernel::make() {
  auto socket = NetlinkSocket::open();
  if (!socket) return fail(socket.error());
  return std::unique_ptr<NetlinkKernel>(new NetlinkKernel(std::move(*socket)));
}

Result<Running, SystemError> NetlinkKernel::read() {
  for (int attempt = 1;; ++attempt) {
    auto running = Reading(socket_).run();
    if (running || !is(running.error(), EINTR) || attempt == kAttempts) return running;
  }
}

Result<void, SystemError> NetlinkKernel::commit(std::span<const policy::Step> steps,
                                                std::uint32_t generation) {
  Batch batch(generation);
  for (const policy::Step& step : steps) batch.add(step);
  return execute(batch, "setting the packet filter's rules");
}

Result<void, SystemError> NetlinkKernel::ban(std::span<const Source> sources, std::chrono::seconds time) {
  if (sources.empty()) return {};
  Batch batch;
  batch.ban(sources, time);
  return execute(batch, "banning");
}

Result<void, SystemError> NetlinkKernel::unban(const Source& source) {
  Batch batch;
  batch.unban(source);
  return execute(batch, "ending a ban");
}

Result<BanCounts, SystemError> NetlinkKernel::count_bans() {
  BanCounts counts;
  for (const auto& [set, count] : {
           std::pair{policy::kBans4, &counts.v4},
           std::pair{policy::kBans6, &counts.v6}
  }) {
    const Query query{.type = NFT_MSG_GETSETELEM,
                      .scope = Query::Scope::all,
                      .table = NFTA_SET_ELEM_LIST_TABLE,
                      .set = NFTA_SET_ELEM_LIST_SET,
                      .set_name = set};
    const auto asked = ask(socket_, query, [count = count](Bytes in) { *count += count_elements(in); });
    socket_.forget();
    if (!asked) return fail(asked.error());
  }
  return counts;
}

// The kernel works while we send: when send() returns, all its answers are there.
Result<void, SystemError> NetlinkKernel::execute(Batch& batch, const char* doing) {
  const Bytes request = batch.finish();
  if (auto sent = socket_.send(request); !sent) return sent;
  int error = 0;
  bool acknowledged = false;
  for (;;) {
    const auto datagram = socket_.receive(NetlinkSocket::Wait::no);
    if (!datagram) return fail(datagram.error());
    if (datagram->empty()) break;
    Messages messages(*datagram);
    while (const auto message = messages.next()) {
      const auto status = error_of(*message);
      if (!status) continue;
      if (error == 0) error = *status;
      acknowledged = acknowledged || message->sequence == batch.last();
    }
  }
  if (error == 0 && !acknowledged) error = EPROTO;
  if (error != 0) return failed(error, doing);
  return {};
}

}  // namespace cloister::firewall::nft
