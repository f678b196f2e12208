#include "videobridge/signalling/operator_api.h"

#include <array>
#include <boost/json.hpp>

namespace cloister::videobridge::signalling {
namespace {

net::HttpResponse answer_with(std::string body, std::string_view type) {
  return {
      .status = 200,
      .headers = {{"content-type", std::string(type)}, {"cache-control", "no-store"}},
      .body = std::move(body)
  };
}

net::HttpResponse answer_with(const boost::json::object& value) {
  return answer_with(boost::json::serialize(value), "application/json");
}

}  // namespace

struct OperatorApi::Route {
  std::string_view path;
  std::string_view method;
  net::HttpResponse (OperatorApi::*answer)(const net::HttpRequest&);
};

net::HttpResponse OperatorApi::answer(const net::HttpRequest& request) {
  static constexpr std::array kRoutes{
      Route{"/about/health",          "GET",  &OperatorApi::health       },
      Route{"/about/version",         "GET",  &OperatorApi::version      },
      Route{"/colibri/stats",         "GET",  &OperatorApi::stats        },
      Route{"/metrics",               "GET",  &OperatorApi::metrics      },
      Route{"/colibri/drain",         "GET",  &OperatorApi::drain        },
      Route{"/colibri/drain/enable",  "POST", &OperatorApi::enable_drain },
      Route{"/colibri/drain/disable", "POST", &OperatorApi::disable_drain},
      Route{"/colibri/shutdown",      "POST", &OperatorApi::shut_down    },
  };
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Route& route : kRoutes) {
    if (request.path() != route.path) continue;
    if (method != route.method) return {.status = 405};
    // A browser on this machine names the page that makes it ask; no tool does.
    if (method == "POST" && !request.header("origin").empty()) return {.status = 403};
    return (this->*route.answer)(request);
  }
  return {.status = 404};
}

net::HttpResponse OperatorApi::health(const net::HttpRequest&) {
  if (port_.state().healthy) return {.status = 200};
  return {.status = 500, .body = "a media thread does not answer\n"};
}

net::HttpResponse OperatorApi::version(const net::HttpRequest&) {
  return answer_with({
      {"name",    "cloister-bridge"},
      {"version", CLOISTER_VERSION },
      {"os",      "Linux"          }
  });
}

net::HttpResponse OperatorApi::stats(const net::HttpRequest&) {
  return answer_with(statistics_.json(port_.state()), "application/json");
}

net::HttpResponse OperatorApi::metrics(const net::HttpRequest& request) {
  const MetricsText::Format format = MetricsText::preferred(request.header("accept"));
  return answer_with(statistics_.metrics(format, port_.state()), MetricsText::content_type(format));
}

net::HttpResponse OperatorApi::drain(const net::HttpRequest&) {
  return answer_with({
      {"drain", port_.state().drain}
  });
}

net::HttpResponse OperatorApi::enable_drain(const net::HttpRequest&) {
  port_.drain(true);
  return {.status = 200};
}

net::HttpResponse OperatorApi::disable_drain(const net::HttpRequest&) {
  port_.drain(false);
  return {.status = 200};
}

net::HttpResponse OperatorApi::shut_down(const net::HttpRequest& request) {
  if (!port_.may_shut_down()) return {.status = 404};
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(request.body, error);
  const boost::json::object* fields = error ? nullptr : body.if_object();
  const boost::json::value* graceful = fields ? fields->if_contains("graceful-shutdown") : nullptr;
  if (!graceful || !graceful->is_bool()) return {.status = 400, .body = "graceful-shutdown: true or false\n"};
  port_.shut_down(graceful->get_bool() ? Shutdown::graceful : Shutdown::now);
  return {.status = 200};
}

}  // namespace cloister::videobridge::signalling
