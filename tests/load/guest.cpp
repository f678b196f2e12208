#include "load/guest.h"

#include <array>

#include "base/base64.h"
#include "base/random.h"
#include "xmpp/xml/error_xml.h"

namespace cloister::load {
namespace {

using xmpp::xml::Element;

constexpr std::string_view kFraming = "urn:ietf:params:xml:ns:xmpp-framing";
constexpr std::string_view kSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
// Of a guest, of a host.
const std::array<std::string, 2> kRefused{"the server lets no guest sign in",
                                          "the server does not let the host sign in"};
constexpr std::string_view kBind = "urn:ietf:params:xml:ns:xmpp-bind";

const char* sentence(net::WebFailure why) {
  switch (why) {
    case net::WebFailure::unreachable: return "nobody answers at the address of the XMPP WebSocket";
    case net::WebFailure::untrusted: return "the server's certificate is not trusted (see --ca-file)";
    case net::WebFailure::refused: return "the server refuses the XMPP WebSocket";
    case net::WebFailure::lost: return "the server closed the XMPP connection";
  }
  return "";
}

net::WebAddress with_room(net::WebAddress address, const std::string& room) {
  address.target += (address.target.find('?') == std::string::npos ? "?room=" : "&room=") + room;
  return address;
}

bool offers(const Element& features, std::string_view wanted) {
  const Element* mechanisms = features.find("mechanisms", kSasl);
  if (!mechanisms) return false;
  for (const Element& mechanism : mechanisms->children)
    if (mechanism.text == wanted) return true;
  return false;
}

// RFC 4616.
std::string plain(const Account& account) {
  std::string text = '\0' + account.name + '\0' + account.password.expose();
  std::string out = base64(as_bytes(text));
  wipe(text);
  return out;
}

}  // namespace

Guest::Guest(net::Reactor& reactor, const Server& server, net::Trust trust, const std::string& room,
             const Account* account, Listener& listener)
    : reactor_(reactor),
      server_(server),
      account_(account),
      listener_(listener),
      web_(reactor, std::move(trust)),
      patience_(reactor) {
  patience_.start(kPatience, [this] { fail("the XMPP server does not answer"); });
  web_.open(with_room(server.web_socket, room), "xmpp", *this);
}

void Guest::on_open() {
  state_ = State::choosing;
  open_stream();
}

void Guest::open_stream() {
  Element open{.name = "open", .ns = std::string(kFraming)};
  const std::string& domain = account_ ? server_.host_domain : server_.login_domain;
  web_.send_text(write(open.set("to", domain).set("version", "1.0")));
}

void Guest::on_text(std::string_view text) {
  if (state_ == State::online && text.starts_with("<presence ") && !listener_.wants_presence(text)) return;
  const auto element = xmpp::xml::parse(text);
  if (element && state_ != State::over) on_element(*element);
}

void Guest::on_element(const Element& element) {
  if (element.ns == kFraming) {
    if (element.name == "close") fail("the server ended the XMPP stream");
    return;
  }
  if (element.name == "features") return on_features(element);
  if (element.name == "error") return fail("the XMPP server ended the stream with an error");
  if (element.is("success", kSasl) && state_ == State::authenticating) {
    state_ = State::restarting;
    return open_stream();
  }
  if (element.is("failure", kSasl)) return fail(kRefused[account_ != nullptr]);
  on_stanza(element);
}

void Guest::on_features(const Element& features) {
  if (state_ == State::restarting) return bind();
  if (state_ != State::choosing) return;
  const std::string mechanism = account_ ? "PLAIN" : "ANONYMOUS";
  if (!offers(features, mechanism)) return fail(kRefused[account_ != nullptr] + " (no " + mechanism + ")");
  state_ = State::authenticating;
  Element auth{.name = "auth", .ns = std::string(kSasl)};
  if (account_) auth.text = plain(*account_);
  web_.send_text(write(auth.set("mechanism", mechanism)));
}

void Guest::bind() {
  state_ = State::binding;
  ask("", "set", {.name = "bind", .ns = std::string(kBind)}, [this](const Answer& answer) {
    const Element* bound = answer ? answer->find("bind", kBind) : nullptr;
    const Element* jid = bound ? bound->find("jid") : nullptr;
    const auto parsed = jid ? xmpp::Jid::parse(jid->text) : std::nullopt;
    if (!parsed) return fail("the server gave no address");
    jid_ = *parsed;
    state_ = State::online;
    patience_.cancel();
    listener_.on_online();
  });
}

void Guest::on_stanza(const Element& stanza) {
  if (stanza.name == "presence" && state_ == State::online) return listener_.on_presence(stanza);
  if (stanza.name == "message" && state_ == State::online) return listener_.on_message(stanza);
  if (stanza.name != "iq") return;
  const std::string& type = stanza.attribute("type");
  if (type == "result" || type == "error") return on_answer(stanza);
  if (state_ == State::online) listener_.on_request(stanza);
}

void Guest::on_answer(const Element& iq) {
  auto question = questions_.extract(iq.attribute("id"));
  if (question.empty()) return;
  if (iq.attribute("type") == "result") return question.mapped().done(iq);
  const Element* error = iq.find("error");
  question.mapped().done(cloister::fail(error ? xmpp::xml::parse_error(*error) : xmpp::StanzaError{}));
}

void Guest::ask(const std::string& to, std::string_view type, Element payload,
                std::function<void(Answer)> done) {
  const std::string id = "q" + std::to_string(next_id_++);
  Element iq{.name = "iq", .ns = std::string(xmpp::xml::kClientNamespace)};
  iq.set("type", type).set("id", id).set("to", to).add(std::move(payload));
  Question& question = questions_.emplace(id, Question{std::move(done), net::Timer(reactor_)}).first->second;
  question.deadline.start(kPatience, [this, id] {
    auto late = questions_.extract(id);
    late.mapped().done(
        cloister::fail(xmpp::StanzaError{.condition = xmpp::ErrorCondition::remote_server_timeout,
                                         .origin = xmpp::StanzaError::Origin::timeout}));
  });
  send(iq);
}

Element Guest::reply(const Element& iq, std::string_view type) const {
  Element out{.name = "iq", .ns = std::string(xmpp::xml::kClientNamespace)};
  out.set("type", type).set("id", iq.attribute("id")).set("to", iq.attribute("from"));
  return out;
}

void Guest::answer(const Element& iq, std::optional<Element> payload) {
  Element out = reply(iq, "result");
  if (payload) out.add(std::move(*payload));
  send(out);
}

void Guest::refuse(const Element& iq, const xmpp::StanzaError& error) {
  Element out = reply(iq, "error");
  out.add(xmpp::xml::write_error(error));
  send(out);
}

void Guest::send(const Element& stanza) {
  if (state_ == State::over) return;
  // RFC 7395 §3.3.3: a stanza names its namespace itself, for there is no stream element around it.
  std::string text = write(stanza);
  text.insert(text.find_first_of(" />"), " xmlns='jabber:client'");
  web_.send_text(std::move(text));
}

void Guest::close() {
  if (std::exchange(state_, State::over) != State::over)
    web_.send_text(write(Element{.name = "close", .ns = std::string(kFraming)}));
  questions_.clear();
  patience_.cancel();
  web_.close();
}

void Guest::on_failed(net::WebFailure why) { fail(sentence(why)); }

void Guest::fail(const std::string& why) {
  if (std::exchange(state_, State::over) == State::over) return;
  patience_.cancel();
  questions_.clear();
  web_.close();
  listener_.on_offline(why);
}

}  // namespace cloister::load
