#include "xmpp/session.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/assert.h"
#include "base/log.h"
#include "base/random.h"
#include "net/tcp_stream.h"
#include "net/timer.h"
#include "xmpp/stream/stream.h"
#include "xmpp/xml/error_xml.h"
#include "xmpp/xml/muc_xml.h"
#include "xmpp/xml/service_messages_xml.h"
#include "xmpp/xml/stanzas_xml.h"

namespace cloister::xmpp {

namespace {

using xml::Element;
using Settings = std::variant<ClientSettings, ComponentSettings>;

constexpr std::size_t kIdLength = 26;  // 134 bits: nobody guesses the id of a question

StanzaError error_of(StanzaError::Origin origin) {
  const bool timeout = origin == StanzaError::Origin::timeout;
  return {.condition = timeout ? ErrorCondition::remote_server_timeout : ErrorCondition::undefined_condition,
          .origin = origin};
}

Element stanza(std::string_view name, std::string_view type) {
  Element element{.name = std::string(name), .ns = std::string(xml::kClientNamespace)};
  element.set("type", type);
  return element;
}

class SessionCore final : public Session, private stream::Stream::Listener {
public:
  SessionCore(net::Reactor& reactor, Settings settings, net::ByteStreamFactory streams);
  void start(Session::Listener& listener) override;
  void stop() override;
  bool online() const override { return online_; }
  const Jid& jid() const override { return jid_; }
  void ask(const Jid& to, IqRequest request, std::function<void(Answer)> done, Duration timeout) override;
  void send_join(const Jid& occupant, const MucSelfPresence& content,
                 const std::optional<Personal<std::string>>& password) override;
  void send_presence(const Jid& occupant, const MucSelfPresence& content) override;
  void send_leave(const Jid& occupant) override;
  void send_json(const Jid& from, const Jid& to, const JsonMessage& content) override {
    send(xml::write_json_message(from, to, content));
  }
  void refuse(const ServiceMessage& message, const StanzaError& error) override {
    send(xml::write_refusal(message, error));
  }

private:
  // A question of ours that waits for its answer.
  struct Question {
    Jid to;
    std::function<void(Answer)> done;
    net::Timer deadline;
  };
  using Questions = std::unordered_map<std::string, Question>;

  // The connection's life.
  void dial();
  void on_stream_online(const Jid& bound) override;
  void on_stream_lost(const char* why) override;
  void retry_later();
  void keep_alive();
  Jid server() const;

  // What arrives.
  void on_stanza(const Element& stanza) override;
  void on_answer(const Element& iq);
  void on_request(const Element& iq, IqType type);
  Responder responder_for(const Element& iq);
  void answer_about_ourselves();
  bool comes_from(const Element& iq, const Jid& expected) const;

  // What leaves.
  void send(Element stanza);

  const About& about() const {
    return std::visit([](const auto& each) -> const About& { return each.about; }, settings_);
  }
  const SessionTimes& times() const {
    return std::visit([](const auto& each) -> const SessionTimes& { return each.times; }, settings_);
  }

  net::Reactor& reactor_;
  const Settings settings_;
  const net::ByteStreamFactory streams_;
  Session::Listener* listener_ = nullptr;  // null: not started, or stopped
  std::unique_ptr<stream::Stream> stream_;
  bool online_ = false;
  bool complained_ = false;  // about what keeps us offline
  Jid jid_;
  Duration next_retry_;
  std::uint64_t stream_number_ = 0;  // answers to questions of an earlier stream go nowhere
  Questions questions_;
  net::Timer connect_timer_;
  net::Timer ping_timer_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

SessionCore::SessionCore(net::Reactor& reactor, Settings settings, net::ByteStreamFactory streams)
    : reactor_(reactor),
      settings_(std::move(settings)),
      streams_(std::move(streams)),
      next_retry_(times().first_retry),
      connect_timer_(reactor),
      ping_timer_(reactor) {
  answer_about_ourselves();
}

void SessionCore::start(Session::Listener& listener) {
  ASSERT(!listener_);
  listener_ = &listener;
  dial();
}

void SessionCore::stop() {
  listener_ = nullptr;
  online_ = false;
  questions_.clear();
  connect_timer_.cancel();
  ping_timer_.cancel();
  if (stream_) stream_->close();
  stream_.reset();
}

void SessionCore::dial() {
  ++stream_number_;
  stream_ = std::visit(
      [this](const auto& settings) { return stream::make_stream(reactor_, settings, streams_, *this); },
      settings_);
  connect_timer_.start(times().connect_timeout,
                       [this] { on_stream_lost("the XMPP server does not answer"); });
  stream_->connect();
}

void SessionCore::on_stream_online(const Jid& bound) {
  online_ = true;
  complained_ = false;
  jid_ = bound;
  next_retry_ = times().first_retry;
  connect_timer_.cancel();
  ping_timer_.start(times().ping_interval, [this] { keep_alive(); });
  listener_->on_online();
}

void SessionCore::on_stream_lost(const char* why) {
  if (!std::exchange(complained_, true)) log::warning("{}; trying again until it works", why);
  stream_.reset();
  ping_timer_.cancel();
  retry_later();
  const bool was_online = std::exchange(online_, false);
  const std::weak_ptr alive = alive_;
  Questions open = std::exchange(questions_, {});
  for (auto& [id, question] : open) {
    question.done(fail(error_of(StanzaError::Origin::offline)));
    if (alive.expired() || !listener_) return;
  }
  if (was_online) listener_->on_offline();
}

void SessionCore::retry_later() {
  connect_timer_.start(next_retry_, [this] { dial(); });
  next_retry_ = std::min(next_retry_ * 2, times().longest_retry);
}

// Runs once a ping_interval. A server that said nothing in the meantime is asked whether it is there: any
// answer will do, also an error.
void SessionCore::keep_alive() {
  ping_timer_.start(times().ping_interval, [this] { keep_alive(); });
  if (stream_->take_heard()) return;
  const auto done = [this](const Answer& answer) {
    if (!answer && answer.error().origin == StanzaError::Origin::timeout) {
      on_stream_lost("the XMPP server fell silent");
    }
  };
  ask(server(), Ping{}, done, times().ping_timeout);
}

// Whom to ping: the domain that we log in to; for a component the domain that it is part of.
Jid SessionCore::server() const {
  if (const auto* client = std::get_if<ClientSettings>(&settings_))
    return Jid::parse(client->domain).value_or(Jid());
  const std::string& domain = std::get<ComponentSettings>(settings_).domain;
  return Jid::parse(domain.substr(domain.find('.') + 1)).value_or(Jid());
}

void SessionCore::on_stanza(const Element& stanza) {
  if (stanza.name == "presence") {
    if (const auto presence = xml::parse_muc_presence(stanza)) router_.deliver(*presence);
    return;
  }
  if (stanza.name == "message") {
    if (const auto message = xml::parse_service_message(stanza)) router_.deliver(*message);
    return;
  }
  if (stanza.name != "iq") return;
  const std::string& type = stanza.attribute("type");
  if (type == "result" || type == "error") return on_answer(stanza);
  if (type == "get") return on_request(stanza, IqType::get);
  if (type == "set") return on_request(stanza, IqType::set);
}

// Whether an answer is of the one who was asked (RFC 6120 §8.1.2.1: our own server may leave `from` out).
bool SessionCore::comes_from(const Element& iq, const Jid& expected) const {
  const std::string& from = iq.attribute("from");
  if (from.empty()) return expected.empty() || expected == jid_.bare() || expected == server();
  return Jid::parse(from) == expected;
}

void SessionCore::on_answer(const Element& iq) {
  const auto found = questions_.find(iq.attribute("id"));
  if (found == questions_.end() || !comes_from(iq, found->second.to)) return;
  const auto done = std::move(found->second.done);
  questions_.erase(found);
  if (iq.attribute("type") == "error") {
    const Element* error = iq.find("error");
    return done(fail(error ? xml::parse_error(*error) : StanzaError{}));
  }
  Answer answer = xml::parse_answer(iq.children.empty() ? nullptr : &iq.children.front());
  if (!answer) answer.error().origin = StanzaError::Origin::strange_answer;
  done(std::move(answer));
}

void SessionCore::on_request(const Element& iq, IqType type) {
  Responder responder = responder_for(iq);
  const std::optional<Jid> from = Jid::parse(iq.attribute("from"));
  if (!from && !iq.attribute("from").empty())
    return responder.fail({.condition = ErrorCondition::jid_malformed});
  if (iq.children.empty()) return responder.fail({.condition = ErrorCondition::bad_request});
  auto request = xml::parse_request(iq.children.front(), type);
  if (!request) return responder.fail(std::move(request.error()));
  router_.deliver({.from = from.value_or(jid_.bare()),
                   .to = Jid::parse(iq.attribute("to")).value_or(jid_),
                   .type = type,
                   .payload = std::move(*request)},
                  std::move(responder));
}

Responder SessionCore::responder_for(const Element& iq) {
  Element answer = stanza("iq", "result");
  answer.set("id", iq.attribute("id")).set("to", iq.attribute("from"));
  if (std::holds_alternative<ComponentSettings>(settings_)) answer.set("from", iq.attribute("to"));
  return Responder([this, alive = std::weak_ptr(alive_), number = stream_number_,
                    answer = std::move(answer)](const Result<IqAnswer, StanzaError>& result) mutable {
    if (alive.expired() || number != stream_number_ || !online_) return;
    if (!result) {
      answer.attributes.front().second = "error";
      answer.add(xml::write_error(result.error()));
    } else if (auto payload = xml::write_answer(*result)) {
      answer.add(std::move(*payload));
    }
    send(std::move(answer));
  });
}

void SessionCore::answer_about_ourselves() {
  router_.on_iq<Ping>([](const Iq<Ping>&, Responder responder) { responder.reply(); });
  router_.on_iq<VersionQuery>(
      [this](const Iq<VersionQuery>&, Responder responder) { responder.reply(about().version); });
  router_.on_iq<DiscoInfoQuery>([this](const Iq<DiscoInfoQuery>& iq, Responder responder) {
    const std::string& node = iq.payload.node;
    if (!node.empty() && !node.ends_with("#" + caps_ver(about().disco))) {
      return responder.fail({.condition = ErrorCondition::item_not_found});
    }
    DiscoInfo info = about().disco;
    info.node = node;
    responder.reply(info);
  });
}

void SessionCore::ask(const Jid& to, IqRequest request, std::function<void(Answer)> done, Duration timeout) {
  if (!online_) {
    reactor_.post([alive = std::weak_ptr(alive_), done = std::move(done)] {
      if (!alive.expired()) done(fail(error_of(StanzaError::Origin::offline)));
    });
    return;
  }
  const std::string id = random_token(kIdLength);
  Question& question =
      questions_.emplace(id, Question{to, std::move(done), net::Timer(reactor_)}).first->second;
  question.deadline.start(timeout, [this, id] {
    const auto unanswered = questions_.extract(id);
    unanswered.mapped().done(fail(error_of(StanzaError::Origin::timeout)));
  });
  Element iq = stanza("iq", usual_iq_type(request) == IqType::get ? "get" : "set");
  iq.set("id", id).set("to", to.text_for_wire());
  iq.add(xml::write_request(request));
  send(std::move(iq));
}

void SessionCore::send_join(const Jid& occupant, const MucSelfPresence& content,
                            const std::optional<Personal<std::string>>& password) {
  send(xml::write_muc_presence(occupant, xml::PresenceKind::join, content, password));
}

void SessionCore::send_presence(const Jid& occupant, const MucSelfPresence& content) {
  send(xml::write_muc_presence(occupant, xml::PresenceKind::update, content, std::nullopt));
}

void SessionCore::send_leave(const Jid& occupant) {
  send(xml::write_muc_presence(occupant, xml::PresenceKind::leave, {}, std::nullopt));
}

// A component says itself who it is (XEP-0114); for a client the server does.
void SessionCore::send(Element stanza) {
  if (!online_) return;
  if (std::holds_alternative<ComponentSettings>(settings_) && !stanza.find_attribute("from")) {
    stanza.set("from", jid_.text_for_wire());
  }
  stream_->send(stanza);
}

}  // namespace

std::unique_ptr<Session> make_client_session(net::Reactor& reactor, ClientSettings settings) {
  return make_client_session(reactor, std::move(settings), net::tcp_streams(reactor));
}

std::unique_ptr<Session> make_component_session(net::Reactor& reactor, ComponentSettings settings) {
  return make_component_session(reactor, std::move(settings), net::tcp_streams(reactor));
}

std::unique_ptr<Session> make_client_session(net::Reactor& reactor, ClientSettings settings,
                                             net::ByteStreamFactory streams) {
  return std::make_unique<SessionCore>(reactor, std::move(settings), std::move(streams));
}

std::unique_ptr<Session> make_component_session(net::Reactor& reactor, ComponentSettings settings,
                                                net::ByteStreamFactory streams) {
  return std::make_unique<SessionCore>(reactor, std::move(settings), std::move(streams));
}

}  // namespace cloister::xmpp
