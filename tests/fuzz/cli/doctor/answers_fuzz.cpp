// What others say to the doctor: name servers, another machine's doctor, the kernel's tables.
#include "cli/doctor/names.h"
#include "cli/doctor/report.h"
#include "cli/doctor/sockets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const Bytes bytes = std::as_bytes(std::span(data, size));
  (void)cli::doctor::addresses_in(bytes, IpFamily::v4);
  (void)cli::doctor::addresses_in(bytes, IpFamily::v6);
  (void)cli::doctor::parse_json(as_text(bytes));
  (void)cli::doctor::parse_listeners(as_text(bytes), cli::doctor::Transport::tcp);
  return 0;
}
