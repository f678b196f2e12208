// What the HTTP port makes of a request: the first line is "METHOD target", the second the Accept header, the
// rest the body.
#include "base/assert.h"
#include "base/bytes.h"
#include "videobridge/signalling/http_api.h"
#include "videobridge/signalling/operator_api.h"

using namespace cloister;
using namespace cloister::videobridge::signalling;

namespace {

struct Nobody final : OperatorApi::Port {
  BridgeState state() const override { return {}; }
  void drain(bool) override {}
  bool may_shut_down() const override { return true; }
  void shut_down(Shutdown) override {}
};

std::string_view take_until(std::string_view& text, char end) {
  const std::string_view part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const videobridge::shard::ShardCounters counters;
  static const Statistics statistics({&counters});
  std::string_view text = as_text(std::as_bytes(std::span(data, size)));
  net::HttpRequest request;
  request.method = take_until(text, ' ');
  request.target = take_until(text, '\n');
  request.headers = {
      {"accept", std::string(take_until(text, '\n'))}
  };
  request.body = text;
  Nobody nobody;
  const net::HttpResponse response = OperatorApi(statistics, nobody).answer(request);
  ASSERT(response.status == 200 || (response.status >= 400 && response.status < 500) ||
         response.status == 500);
  if (const auto target = parse_channel_target(request.target, "/colibri-ws/b"))
    ASSERT(!target->request.conference.empty());
  url_path(request.target);
  return 0;
}
