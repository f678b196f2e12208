#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>

#include "cli/doctor/checks.h"
#include "net/web_visit.h"

namespace cloister::cli::doctor {
namespace {

constexpr long kSoon = 14;  // days; renewal begins 30 days before the end

net::WebVisit visit_to(const Patient& patient, const SocketAddress& at, std::string target) {
  return {.at = at,
          .host = patient.host(),
          .ca_file = patient.installation.open.ca_file,
          .target = std::move(target)};
}

// For what is the same at whichever of the addresses: the first one.
Result<net::WebPage, net::WebFault> fetch(const Patient& patient, std::string target,
                                          net::HttpHeaders headers = {}) {
  const auto servers = patient.web_servers();
  if (servers.empty()) return fail(net::WebFault{net::WebStage::connection, "its name leads nowhere"});
  net::WebVisit visit = visit_to(patient, servers.front(), std::move(target));
  visit.headers = std::move(headers);
  return net::visit(visit);
}

std::string header(const net::HttpResponse& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, [](const auto& one) { return one.first; });
  return found == response.headers.end() ? std::string() : found->second;
}

Finding unreachable(const Patient& patient, const net::WebFault& fault) {
  const std::string where = fmt::format("https://{}", patient.authority());
  if (fault.stage != net::WebStage::connection)
    return error(fmt::format("{} answers, but not as a web server with TLS: {}.", where, fault.why),
                 "nginx -t says whether its settings are right; journalctl -u nginx what it complained of.");
  if (patient.outside)
    return error(
        fmt::format("{} cannot be reached from here: {}.", where, fault.why),
        "Does the network in front of the server (router, provider's firewall) let TCP 443 through to it?");
  return error(fmt::format("The web server does not answer: {}.", fault.why),
               "systemctl restart nginx; nginx -t says whether its settings are right.");
}

Finding judge_certificate(const Patient& patient, const SocketAddress& at, const net::TlsFacts& tls) {
  const std::string where = patient.outside ? " at " + at.ip_text_for_wire() : "";
  const long days = tls.certificate.days_left(std::chrono::system_clock::now());
  const std::string end =
      fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(tls.certificate.ends)));
  const std::string renew =
      "systemctl start cloister-certificates; journalctl -u cloister-certificates says why the authority "
      "refuses.";
  if (days < 0) return error(fmt::format("The certificate{} ended on {}.", where, end), renew);
  if (tls.fault.ends_with("mismatch")) {  // of the name, or of an address
    const std::string names = tls.certificate.names.empty() ? "nobody" : tls.certificate.names.front();
    return error(
        fmt::format("The certificate{} is for {}, not for {}.", where, names, patient.host()),
        "Correct cloister_public_host and run the playbook again; or nginx uses another file than the "
        "installation's (nginx -T).");
  }
  if (!tls.fault.empty())
    return error(
        fmt::format("Browsers do not trust the certificate{}, by {}: {}.", where, tls.certificate.issuer,
                    tls.fault),
        tls.chain == 1 ? renew + " Or the file lacks the authority's intermediate certificate." : renew);
  if (days < kSoon)
    return warning(
        fmt::format("The certificate{} ends in {} days ({}) and was not renewed.", where, days, end), renew);
  return ok(fmt::format("The certificate{} is trusted, by {}, for {} days more ({}); {}.", where,
                        tls.certificate.issuer, days, end, tls.protocol));
}

struct Wanted {
  const char* header;
  const char* part;  // of its value, in it somewhere
};
constexpr Wanted kWanted[] = {
    {"content-security-policy",    "default-src 'none'"},
    {"x-content-type-options",     "nosniff"           },
    {"referrer-policy",            "no-referrer"       },
    {"x-frame-options",            "DENY"              },
    {"cross-origin-opener-policy", "same-origin"       },
};

std::string faulty_headers(const Patient& patient, const net::HttpResponse& page) {
  std::string out;
  const auto add = [&out](std::string_view what) { out += (out.empty() ? "" : ", ") + std::string(what); };
  for (const auto& [name, part] : kWanted)
    if (header(page, name).find(part) == std::string::npos) add(name);
  // A name of this machine alone is not to be bound to TLS.
  const std::string bound = header(page, "strict-transport-security");
  if (bound.find("max-age=") == std::string::npos && patient.host() != "localhost")
    add("strict-transport-security");
  if (header(page, "content-security-policy").find("unsafe-") != std::string::npos)
    add("content-security-policy");
  return out;
}

Finding judge_config(const Patient& patient, const Result<net::WebPage, net::WebFault>& page) {
  const std::string remedy = "Run the playbook again: --tags web writes config.js.";
  if (!page || page->response.status != 200)
    return error(fmt::format("Clients are not told where what is: /config.js {}.",
                             page ? fmt::format("answers {}", page->response.status) : "does not answer"),
                 remedy);
  const std::string& text = page->response.body;
  const std::string socket = fmt::format("\"wss://{}/xmpp-websocket\"", patient.authority());
  if (text.find(socket) == std::string::npos)
    return error(fmt::format("/config.js sends clients elsewhere: it does not name {}.", socket), remedy);
  if (text.find("p2p: { enabled: false") == std::string::npos)
    return warning(
        "/config.js lets participants connect with each other, who then learn each other's addresses.",
        remedy);
  return ok("Clients are told where everything is (/config.js).");
}

// What stands behind `key: "` in config.js.
std::string quoted(const std::string& text, std::string_view key) {
  const std::size_t at = text.find(std::string(key) + ": \"");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + key.size() + 3;
  return text.substr(begin, text.find('"', begin) - begin);
}

Finding open_stream(const Patient& patient) {
  const auto config = fetch(patient, "/config.js");
  const std::string domain = config ? quoted(config->response.body, "anonymousdomain") : std::string();
  if (domain.empty()) return note("XMPP was not tried: /config.js names no domain for guests.");
  const auto servers = patient.web_servers();
  const auto answer = net::ask_web_socket(
      visit_to(patient, servers.front(), "/xmpp-websocket"), "xmpp",
      fmt::format("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{}' version='1.0'/>", domain));
  const std::string remedy =
      "systemctl restart prosody; prosodyctl check config says whether its settings are right.";
  if (!answer)
    return error(fmt::format("The XMPP server cannot be reached over WebSocket: {}.", answer.error().why),
                 remedy);
  if (!answer->starts_with("<open ") || answer->find(domain) == std::string::npos)
    return error("The XMPP server refuses guests: it does not open a stream for their domain.", remedy);
  return ok("The XMPP server answers guests over WebSocket.");
}

Finding knock_at_bridge(const Patient& patient) {
  const std::string& url = patient.channel_url;
  const std::size_t path = url.find('/', url.find("://") + 3);
  if (url.empty() || path == std::string::npos)
    return note("The bridge offers no WebSockets: its channel is the data channel.");
  // The sample key of RFC 6455 §1.3: nothing is opened with it.
  const auto page = fetch(patient, url.substr(path) + "/0/doctor/doctor",
                          {
                              {"Upgrade",               "websocket"               },
                              {"Connection",            "Upgrade"                 },
                              {"Sec-WebSocket-Version", "13"                      },
                              {"Sec-WebSocket-Key",     "dGhlIHNhbXBsZSBub25jZQ=="}
  });
  if (page && page->response.status == 403)
    return ok("The bridge's WebSockets are reached, and turn strangers away.");
  return error(
      fmt::format("The bridge's WebSockets are not reached: {}.",
                  page ? fmt::format("the web server answers {}", page->response.status) : page.error().why),
      "systemctl restart cloister-bridge; websocket.url in bridge.yaml must end with the path that nginx "
      "hands on (/colibri-ws/…).");
}

}  // namespace

Findings check_certificate(const Patient& patient) {
  Findings out;
  for (const SocketAddress& at : patient.web_servers()) {
    const auto page = net::visit(visit_to(patient, at, "/"));
    out.push_back(page ? judge_certificate(patient, at, *page->tls) : unreachable(patient, page.error()));
  }
  if (out.empty())
    out.push_back(error(fmt::format("{} leads nowhere.", patient.host()), "Give the name an A record."));
  return out;
}

Findings check_page(const Patient& patient) {
  const auto page = fetch(patient, "/");
  if (!page) return {note("The page was not looked at: the web server does not answer.")};
  Findings out;
  const std::string faulty = faulty_headers(patient, page->response);
  const std::string remedy = "Run the playbook again: --tags nginx,web.";
  if (page->response.status != 200) {
    out.push_back(error(
        fmt::format("The page does not come: the web server answers {}.", page->response.status), remedy));
  } else if (!faulty.empty()) {
    out.push_back(
        warning("The page comes without, or with other than our, headers: " + faulty + ".", remedy));
  } else {
    out.push_back(ok("The page comes, and may load and do only what it needs."));
  }
  out.push_back(judge_config(patient, fetch(patient, "/config.js")));
  return out;
}

Findings check_web_sockets(const Patient& patient) {
  const Finding xmpp = open_stream(patient);
  if (patient.outside) return {xmpp};  // where the bridge is, only its own settings say
  return {xmpp, knock_at_bridge(patient)};
}

}  // namespace cloister::cli::doctor
