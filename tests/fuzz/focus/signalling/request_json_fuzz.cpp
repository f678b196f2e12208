// A conference request over HTTP; what is read must be writable again.
#include "focus/signalling/request_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto request = focus::signalling::parse_request_json(text);
  if (!request || !request->room) return 0;
  const auto answer = focus::signalling::write_answer_json(
      {.room = *request->room, .ready = true, .properties = request->properties});
  return answer.empty() ? -1 : 0;
}
