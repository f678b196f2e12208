// A guest's, or a host's, XMPP session over WebSocket (RFC 7395): login, questions and answers as elements.
// One connection, no resumption: what is lost is lost, and counted. Reactor thread only.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "base/personal.h"
#include "load/server.h"
#include "net/timer.h"
#include "xmpp/jid.h"
#include "xmpp/stanza_error.h"
#include "xmpp/xml/element.h"

namespace cloister::load {

// With which a host signs in.
struct Account {
  std::string name;
  Personal<std::string> password;  // and the code behind it, where there is a second factor
};

class Guest final : net::WebClient::Listener {
public:
  using Element = xmpp::xml::Element;
  using Answer = Result<Element, xmpp::StanzaError>;  // the IQ

  struct Listener {
    virtual ~Listener() = default;
    virtual void on_online() = 0;
    // Of a presence as it stands on the wire: whether it is worth reading. In a room of hundreds nearly all
    // are others'.
    virtual bool wants_presence(std::string_view text) const = 0;
    virtual void on_presence(const Element& presence) = 0;
    virtual void on_message(const Element& message) = 0;
    // A get or set. Must be answered.
    virtual void on_request(const Element& iq) = 0;
    // The last call. `why` is a sentence for whoever runs the program.
    virtual void on_offline(const std::string& why) = 0;
  };
  static constexpr Duration kPatience = 60s;  // for the login, and for an answer

  // `account`: a host's, which outlives this; none: a guest.
  Guest(net::Reactor& reactor, const Server& server, net::Trust trust, const std::string& room,
        const Account* account, Listener& listener);

  const xmpp::Jid& jid() const { return jid_; }
  void send(const Element& stanza);
  void ask(const std::string& to, std::string_view type, Element payload, std::function<void(Answer)> done);
  void answer(const Element& iq, std::optional<Element> payload = std::nullopt);
  void refuse(const Element& iq, const xmpp::StanzaError& error);
  // Ends the stream and the connection; no call follows.
  void close();

private:
  // What the server is expected to say next.
  //   dialling ─▶ choosing (features) ─▶ authenticating ─▶ restarting (features) ─▶ binding ─▶ online ─▶ over
  enum class State : std::uint8_t { dialling, choosing, authenticating, restarting, binding, online, over };
  struct Question {
    std::function<void(Answer)> done;
    net::Timer deadline;
  };

  void on_open() override;
  void on_text(std::string_view text) override;
  void on_failed(net::WebFailure why) override;
  void open_stream();
  void on_element(const Element& element);
  void on_features(const Element& features);
  void bind();
  void on_stanza(const Element& stanza);
  void on_answer(const Element& iq);
  void fail(const std::string& why);
  Element reply(const Element& iq, std::string_view type) const;

  net::Reactor& reactor_;
  const Server& server_;
  const Account* account_;
  Listener& listener_;
  net::WebClient web_;
  net::Timer patience_;
  State state_ = State::dialling;
  xmpp::Jid jid_;
  std::unordered_map<std::string, Question> questions_;
  std::uint64_t next_id_ = 0;
};

}  // namespace cloister::load
