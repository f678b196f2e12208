// Our connection to the XMPP server: as a client (RFC 6120, with TLS and SCRAM) or as a component (XEP-0114).
// It connects for ever, keeps the stream alive, matches answers to questions, and says when all state is
// lost. Reactor thread only; nothing here blocks. No callback comes from inside a call of ours.
//
//   offline ──start()──▶ connecting ──▶ online ──stream lost──▶ offline, connecting again after 1 s, 2 s, 4
//   s, 5 s, …
//
// On the way from online to offline: first every open question fails with Origin::offline, then on_offline().
// Users then drop everything they know of rooms, and start anew at the next on_online().
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/byte_stream.h"
#include "net/reactor.h"
#include "xmpp/stanza_router.h"
#include "xmpp/stanzas.h"

namespace cloister::xmpp {

enum class Tls : std::uint8_t { required, none };  // none: on loopback only

// What we say of ourselves when asked (disco#info, jabber:iq:version).
struct About {
  DiscoInfo disco;
  Version version;
};

struct SessionTimes {
  Duration connect_timeout = 15s;  // from dialling to online
  Duration first_retry = 1s;       // doubles
  Duration longest_retry = 5s;
  Duration ping_interval = 10s;  // XEP-0199 to the server after so long without a stanza from it
  Duration ping_timeout = 10s;   // then the stream is given up
};

struct ClientSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 5222;
  std::string domain{};  // also the name that the server's certificate must have
  std::string user{};
  std::string password{};
  std::string resource{};
  std::string ca_file{};  // PEM; required with Tls::required
  Tls tls = Tls::required;
  About about{};
  SessionTimes times{};
};

// XEP-0114 has no TLS: on loopback only.
struct ComponentSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 5347;
  std::string domain{};  // "focus.<D>"
  std::string secret{};
  About about{};
  SessionTimes times{};
};

// What users of the connection see. make_client_session() and make_component_session() give the real one; a
// test of focus or bridge implements this with a recorder.
class Session {
public:
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_online() = 0;   // a client has sent its initial presence
    virtual void on_offline() = 0;  // not after stop()
  };
  using Answer = Result<IqAnswer, StanzaError>;
  static constexpr Duration kAnswerTimeout = 15s;

  virtual ~Session() = default;
  virtual void start(Listener& listener) = 0;
  // Ends the stream politely. Open questions are dropped without a callback.
  virtual void stop() = 0;
  virtual bool online() const = 0;
  // Our full address as the server gave it (client), or the component's domain. Empty before the first
  // on_online().
  virtual const Jid& jid() const = 0;

  // Asks `to` (a room occupant, a room, a server). `done` is called exactly once, unless the session is
  // stopped or destroyed: with the answer of `to` itself, nobody else's, or with the error.
  virtual void ask(const Jid& to, IqRequest request, std::function<void(Answer)> done,
                   Duration timeout = kAnswerTimeout) = 0;
  // Asks and wants an answer of one type; another one is Origin::strange_answer.
  template <class Wanted>
  void ask_for(const Jid& to, IqRequest request, std::function<void(Result<Wanted, StanzaError>)> done,
               Duration timeout = kAnswerTimeout);

  // Presence to room/nick; muc_room.h calls these. Only a join carries <x xmlns='…muc'> and a password.
  virtual void send_join(const Jid& occupant, const MucSelfPresence& content,
                         const std::optional<Personal<std::string>>& password) = 0;
  virtual void send_presence(const Jid& occupant, const MucSelfPresence& content) = 0;
  virtual void send_leave(const Jid& occupant) = 0;

  // What a service says. `from` is an address of ours: a component's domain, or something at it.
  virtual void send_json(const Jid& from, const Jid& to, const JsonMessage& content) = 0;
  // Tells its sender that a message was refused.
  virtual void refuse(const ServiceMessage& message, const StanzaError& error) = 0;

  StanzaRouter& router() { return router_; }

protected:
  StanzaRouter router_;
};

std::unique_ptr<Session> make_client_session(net::Reactor& reactor, ClientSettings settings);
std::unique_ptr<Session> make_component_session(net::Reactor& reactor, ComponentSettings settings);
// With a connection of the test's own.
std::unique_ptr<Session> make_client_session(net::Reactor& reactor, ClientSettings settings,
                                             net::ByteStreamFactory streams);
std::unique_ptr<Session> make_component_session(net::Reactor& reactor, ComponentSettings settings,
                                                net::ByteStreamFactory streams);

template <class Wanted>
void Session::ask_for(const Jid& to, IqRequest request, std::function<void(Result<Wanted, StanzaError>)> done,
                      Duration timeout) {
  ask(
      to, std::move(request),
      [done = std::move(done)](Answer answer) {
        if (!answer) return done(fail(std::move(answer.error())));
        if (Wanted* wanted = std::get_if<Wanted>(&*answer)) return done(std::move(*wanted));
        done(fail(StanzaError{.condition = ErrorCondition::undefined_condition,
                              .origin = StanzaError::Origin::strange_answer}));
      },
      timeout);
}

}  // namespace cloister::xmpp
