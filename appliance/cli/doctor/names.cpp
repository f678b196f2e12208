#include "cli/doctor/names.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <array>

namespace cloister::cli::doctor {
namespace {

constexpr int kLongestAnswer = 4096;

std::vector<SocketAddress> only(const SocketAddress& address, IpFamily family) {
  if (address.family() != family) return {};
  return {address};
}

}  // namespace

std::vector<SocketAddress> addresses_in(Bytes answer, IpFamily family) {
  std::vector<SocketAddress> out;
  ns_msg message;
  if (ns_initparse(reinterpret_cast<const unsigned char*>(answer.data()), static_cast<int>(answer.size()),
                   &message) != 0)
    return out;
  const int wanted = family == IpFamily::v4 ? ns_t_a : ns_t_aaaa;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    if (ns_rr_type(record) != wanted) continue;
    if (family == IpFamily::v4 && ns_rr_rdlen(record) == 4) {
      std::array<std::uint8_t, 4> ip{};
      std::copy_n(ns_rr_rdata(record), ip.size(), ip.begin());
      out.push_back(SocketAddress::v4(ip, 0));
    } else if (family == IpFamily::v6 && ns_rr_rdlen(record) == 16) {
      std::array<std::uint8_t, 16> ip{};
      std::copy_n(ns_rr_rdata(record), ip.size(), ip.begin());
      out.push_back(SocketAddress::v6(ip, 0));
    }
  }
  return out;
}

Result<std::vector<SocketAddress>, std::string> look_up(const std::string& name, IpFamily family) {
  if (const auto address = SocketAddress::parse(name, 0)) return only(*address, family);
  if (name == "localhost")
    return only(*SocketAddress::parse(family == IpFamily::v4 ? "127.0.0.1" : "::1", 0), family);
  struct __res_state state {};
  if (res_ninit(&state) != 0) return fail(std::string("this machine has no name servers"));
  state.retrans = 2;  // seconds
  state.retry = 2;
  std::array<unsigned char, kLongestAnswer> answer;
  const int type = family == IpFamily::v4 ? ns_t_a : ns_t_aaaa;
  const int length =
      res_nquery(&state, name.c_str(), ns_c_in, type, answer.data(), static_cast<int>(answer.size()));
  const int error = state.res_h_errno;
  res_nclose(&state);
  if (length >= 0) {
    const auto size = std::min(static_cast<std::size_t>(length), answer.size());
    return addresses_in(std::as_bytes(std::span(answer).first(size)), family);
  }
  if (error == HOST_NOT_FOUND || error == NO_DATA) return std::vector<SocketAddress>();
  return fail(std::string("no name server answers"));
}

}  // namespace cloister::cli::doctor
