#include "gate/http/http_api.h"

#include "gate/http/metrics_text.h"
#include "gate/secrets/sign_in_token.h"

namespace cloister::gate::http {

using net::HttpRequest;
using net::HttpResponder;
using net::HttpResponse;
using sign_in::Answer;

namespace {

HttpResponse text(unsigned status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(body)};
}

// Answers about people are nobody's to keep.
HttpResponse json(unsigned status, std::string body) {
  return {
      .status = status,
      .headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
      .body = std::move(body)
  };
}

unsigned status_of(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::accepted: return 200;
    case Answer::Kind::refused: return 403;
    case Answer::Kind::wait: return 429;
    case Answer::Kind::busy:
    case Answer::Kind::unavailable: return 503;
  }
  return 503;
}

HttpResponse metrics(const HttpRequest& request, const sign_in::SignInCounters& counters) {
  const auto format = MetricsText::preferred(request.header("accept"));
  return {.headers = {{"Content-Type", std::string(MetricsText::content_type(format))}},
          .body = metrics_text(counters, format)};
}

HttpResponse about(const HttpRequest& request, const sign_in::SignInCounters& counters) {
  if (request.path() == "/about/health") return text(200, "OK\n");
  if (request.path() == "/metrics") return metrics(request, counters);
  return json(200, R"({"name":"cloister-gate","version":")" CLOISTER_VERSION R"("})");
}

}  // namespace

HttpApi::HttpApi(sign_in::SignIn& sign_in, secrets::Secret callers_key, Duration token_first_use)
    : sign_in_(sign_in), callers_key_(std::move(callers_key)), token_first_use_(token_first_use) {}

void HttpApi::on_request(const HttpRequest& request, HttpResponder responder) {
  const std::string_view path = request.path();
  if (path == "/about/health" || path == "/about/version" || path == "/metrics") {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    return responder.reply(reads ? about(request, sign_in_.counters()) : text(405, "Only GET\n"));
  }
  const bool known = path == "/v1/check" || path == "/v1/sign-in" || path == "/v1/sign-out";
  if (!known) return responder.reply(text(404, "Not found\n"));
  if (!is_caller(request)) return responder.reply(text(401, "Not a caller that the gate knows\n"));
  if (request.method != "POST") return responder.reply(text(405, "Only POST\n"));
  // A page elsewhere can make a browser send a form unasked, but not this type: nobody fails in another's
  // name.
  if (!request.header("content-type").starts_with("application/json"))
    return responder.reply(text(415, "Only application/json\n"));
  if (path == "/v1/check") return on_check(request, std::move(responder));
  path == "/v1/sign-in" ? on_sign_in(request, std::move(responder))
                        : on_sign_out(request, std::move(responder));
}

bool HttpApi::is_caller(const HttpRequest& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.header("authorization");
  return given.starts_with(kScheme) && secrets::same(given.substr(kScheme.size()), callers_key_.expose());
}

void HttpApi::on_check(const HttpRequest& request, HttpResponder responder) {
  auto question = parse_question(request.body);
  if (!question) return responder.reply(text(400, "Not a question\n"));
  auto kept = std::make_shared<HttpResponder>(std::move(responder));
  sign_in_.check(std::move(*question),
                 [kept](const Answer& answer) { kept->reply(json(200, write_answer(answer))); });
}

void HttpApi::on_sign_in(const HttpRequest& request, HttpResponder responder) {
  auto question = parse_question(request.body);
  if (!question) return responder.reply(text(400, "Not a question\n"));
  // A token for a token would never end.
  if (secrets::is_token_shaped(question->password.expose()))
    return responder.reply(json(403, write_answer({.kind = Answer::Kind::refused})));
  question->resumes = false;
  // Two fields, even when the second is left empty; and the body does not decide where it came from.
  question->code = question->code.value_or(secrets::Secret());
  question->source =
      SocketAddress::parse(request.header("x-real-ip"), 0).value_or(SocketAddress::v4({127, 0, 0, 1}, 0));
  const auto name = accounts::parse_host_name(question->user.expose());
  auto kept = std::make_shared<HttpResponder>(std::move(responder));
  sign_in_.check(std::move(*question), [this, kept, name](const Answer& answer) {
    if (answer.kind != Answer::Kind::accepted || !name)
      return kept->reply(json(status_of(answer.kind), write_answer(answer)));
    kept->reply(json(200, write_token(*name, sign_in_.issue_token(answer.owner), token_first_use_)));
  });
}

void HttpApi::on_sign_out(const HttpRequest& request, HttpResponder responder) {
  const auto token = parse_token(request.body);
  if (!token) return responder.reply(text(400, "Not a token\n"));
  sign_in_.revoke_token(*token);
  responder.reply({.status = 204});
}

}  // namespace cloister::gate::http
