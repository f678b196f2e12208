#include "focus/signalling/http_api.h"

#include "focus/signalling/metrics_text.h"
#include "focus/signalling/request_json.h"

namespace cloister::focus::signalling {
namespace {

using net::HttpResponse;
using xmpp::ErrorCondition;

constexpr const char* kConferenceRequest = "/conference-request/v1";

HttpResponse text(unsigned status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(body)};
}

HttpResponse json(std::string body) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

// No cookies or credentials are involved, so any page may ask.
HttpResponse for_any_origin(HttpResponse response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

HttpResponse preflight() {
  HttpResponse response = for_any_origin({});
  response.headers.emplace_back("Access-Control-Allow-Methods", "POST, OPTIONS");
  response.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type, Authorization");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  return response;
}

HttpResponse version() {
  return json(R"({"name":"cloister-focus","version":")" CLOISTER_VERSION R"(","os":"Linux"})");
}

}  // namespace

void HttpApi::on_request(const net::HttpRequest& request, net::HttpResponder responder) {
  const std::string_view path = request.path();
  if (path == kConferenceRequest) return on_conference_request(request, std::move(responder));
  const bool known =
      path == "/about/health" || path == "/about/version" || path == "/metrics" || path == "/stats";
  if (!known) return responder.reply(text(404, "Not found\n"));
  if (request.method != "GET" && request.method != "HEAD") return responder.reply(text(405, "Only GET\n"));
  if (path == "/about/health") return responder.reply(health());
  if (path == "/metrics") return responder.reply(metrics());
  responder.reply(path == "/stats" ? json(port_.stats()) : version());
}

void HttpApi::on_conference_request(const net::HttpRequest& request, net::HttpResponder responder) {
  if (request.method == "OPTIONS") return responder.reply(preflight());
  if (request.method != "POST") return responder.reply(text(405, "Only POST\n"));
  auto parsed = parse_request_json(request.body);
  if (!parsed) return responder.reply(for_any_origin(text(400, "Error: not a JSON object\n")));
  auto kept = std::make_shared<net::HttpResponder>(std::move(responder));
  port_.request(*parsed, [kept](const Conferences::Answer& answer) {
    kept->reply(for_any_origin(conference_response(answer)));
  });
}

HttpResponse conference_response(const Conferences::Answer& answer) {
  if (answer) return json(write_answer_json(*answer));
  const xmpp::StanzaError& error = answer.error();
  if (error.condition == ErrorCondition::not_authorized) return text(403, "Error: 403 not-authorized\n");
  if (error.session_invalid || error.condition == ErrorCondition::not_acceptable)
    return text(400, "Error: 400 invalid-session\n");
  return text(400, "Error: 400 bad-request\n");
}

HttpResponse HttpApi::health() const {
  const std::string problem = port_.problem();
  return problem.empty() ? text(200, "OK\n") : text(503, problem + "\n");
}

HttpResponse HttpApi::metrics() const {
  return {.headers = {{"Content-Type", "text/plain; version=0.0.4"}}, .body = port_.metrics()};
}

}  // namespace cloister::focus::signalling
