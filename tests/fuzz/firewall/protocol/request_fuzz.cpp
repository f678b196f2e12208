// Any bytes as a request and as an answer; what is understood must be written as it was read.
#include <algorithm>
#include <cstdlib>

#include "firewall/protocol/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  using namespace cloister::firewall::protocol;
  const Bytes record = std::as_bytes(std::span(data, size));
  if (const auto request = parse_request(record)) {
    // An IPv4 address may come as IPv6; it is written as IPv4 then.
    const auto again = parse_request(write_request(*request));
    const bool addressed = request->kind == Kind::ban || request->kind == Kind::unban;
    if (!again || again->addresses.size() != request->addresses.size() ||
        (addressed && again->time != request->time))
      std::abort();
  }
  if (const auto answer = parse_answer(record); answer && answer->text.size() < 1024)
    if (const auto again = parse_answer(write_answer(*answer)); !again || !(*again == *answer)) std::abort();
  return 0;
}
