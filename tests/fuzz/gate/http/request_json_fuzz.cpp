// A sign-in's JSON, as the XMPP server or a browser sends it; what was read is taken apart as the gate does.
#include "gate/http/request_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::gate;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)http::parse_token(text);
  const auto question = http::parse_question(text);
  if (!question) return 0;
  (void)accounts::parse_host_name(question->user.expose());
  const auto parts = sign_in::split_field(question->password, accounts::SecondFactor::on);
  if (parts.password.expose() + parts.code.expose() != question->password.expose()) __builtin_trap();
  return 0;
}
