#include "gate/http/request_json.h"

#include <boost/json.hpp>

namespace cloister::gate::http {

namespace json = boost::json;
using secrets::Secret;

namespace {

constexpr std::size_t kMostText = 1024;

Result<json::object, RequestJsonError> parse_object(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 4;
  json::value parsed = json::parse(text, error, {}, options);
  if (error) return fail(RequestJsonError::not_json);
  if (!parsed.is_object()) return fail(RequestJsonError::not_an_object);
  return std::move(parsed.get_object());
}

// The text under a key, taken out and wiped there; nothing when it is absent or no text.
std::optional<std::string> take_text(json::object& object, const char* key) {
  json::value* const value = object.if_contains(key);
  if (!value || !value->is_string()) return std::nullopt;
  json::string& text = value->get_string();
  std::string taken(text);
  wipe(text.data(), text.size());
  return taken;
}

bool is_true(const json::object& object, const char* key) {
  const json::value* const value = object.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

SocketAddress source_of(json::object& object) {
  const auto text = take_text(object, "source");
  const auto source = text ? SocketAddress::parse(*text, 0) : std::nullopt;
  return source.value_or(SocketAddress::v4({127, 0, 0, 1}, 0));
}

const char* word(sign_in::Answer::Kind kind) {
  using Kind = sign_in::Answer::Kind;
  switch (kind) {
    case Kind::accepted: return "accepted";
    case Kind::refused: return "refused";
    case Kind::wait: return "wait";
    case Kind::busy: return "busy";
    case Kind::unavailable: return "unavailable";
  }
  return "unavailable";
}

std::int64_t whole_seconds(Duration duration) {
  return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

}  // namespace

Result<sign_in::Question, RequestJsonError> parse_question(std::string_view text) {
  auto object = parse_object(text);
  if (!object) return fail(object.error());
  auto user = take_text(*object, "user");
  auto password = take_text(*object, "password");
  auto code = take_text(*object, "code");
  if (!user || !password) return fail(RequestJsonError::missing);
  if (user->size() > kMostText || password->size() > kMostText || (code && code->size() > kMostText))
    return fail(RequestJsonError::too_long);
  sign_in::Question question{.user = Personal(std::move(*user)),
                             .password = Secret(std::move(*password)),
                             .code = std::nullopt,
                             .source = source_of(*object),
                             .resumes = is_true(*object, "resumes")};
  if (code) question.code = Secret(std::move(*code));
  return question;
}

Result<Secret, RequestJsonError> parse_token(std::string_view text) {
  auto object = parse_object(text);
  if (!object) return fail(object.error());
  auto token = take_text(*object, "token");
  if (!token) return fail(RequestJsonError::missing);
  if (token->size() > kMostText) return fail(RequestJsonError::too_long);
  return Secret(std::move(*token));
}

std::string write_answer(const sign_in::Answer& answer) {
  json::object out{
      {"result", word(answer.kind)}
  };
  if (answer.kind == sign_in::Answer::Kind::wait) out["seconds"] = whole_seconds(answer.wait);
  return json::serialize(out);
}

std::string write_token(const accounts::HostName& user, const Secret& token, Duration first_use) {
  return json::serialize(json::object{
      {"result",  word(sign_in::Answer::Kind::accepted)},
      {"user",    user.expose()                        },
      {"token",   token.expose()                       },
      {"seconds", whole_seconds(first_use)             }
  });
}

}  // namespace cloister::gate::http
