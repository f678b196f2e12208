#include "xmpp/stream/stream.h"

#include <gloox/client.h>
#include <gloox/component.h>
#include <gloox/connectionlistener.h>
#include <gloox/disco.h>
#include <gloox/message.h>

#include <deque>
#include <utility>
#include <variant>

#include "xmpp/stream/connection.h"
#include "xmpp/stream/depth_limiter.h"
#include "xmpp/stream/gloox_xml.h"
#include "xmpp/stream/tls_layer.h"

namespace cloister::xmpp::stream {

namespace {

const char* text_of(gloox::ConnectionError reason) {
  switch (reason) {
    case gloox::ConnAuthenticationFailed: return "the XMPP server refused our name or password";
    case gloox::ConnNoSupportedAuth: return "the XMPP server offers no authentication that we accept";
    case gloox::ConnTlsFailed: return "the XMPP server's TLS certificate is not one that we trust";
    case gloox::ConnTlsNotAvailable: return "the XMPP server offers no TLS";
    case gloox::ConnParseError: return "the XMPP server sent malformed XML";
    case gloox::ConnStreamError: return "the XMPP server ended the stream with an error";
    default: return "no connection to the XMPP server";
  }
}

bool is_stanza(const gloox::Tag& tag) {
  return tag.name() == "iq" || tag.name() == "presence" || tag.name() == "message";
}

// gloox's client or component with our hands in between.
template <class Base>
class Tapped final : public Base {
public:
  using Base::Base;

  void go_online(std::function<void(const gloox::Tag&)> on_stanza) { on_stanza_ = std::move(on_stanza); }
  void send_text(const std::string& text) { gloox::ClientBase::send(text); }

  void handleReceivedData(const gloox::ConnectionBase* connection, const std::string& data) override {
    Base::handleReceivedData(connection, this->m_encryptionActive ? data : limiter_.filter(data));
  }
  void handleDecryptedData(const gloox::TLSBase* tls, const std::string& data) override {
    Base::handleDecryptedData(tls, limiter_.filter(data));
  }
  void handleTag(gloox::Tag* tag) override {
    if (on_stanza_ && tag && is_stanza(*tag)) return on_stanza_(*tag);
    Base::handleTag(tag);
  }

private:
  DepthLimiter limiter_;
  std::function<void(const gloox::Tag&)> on_stanza_;
};

struct Online {};
struct Lost {
  const char* why;
};
using Event = std::variant<Online, xml::Element, Lost>;

template <class Base>
class GlooxStream final : public Stream, private gloox::ConnectionListener {
public:
  template <class... Arguments>
  GlooxStream(net::Reactor& reactor, Listener& listener, Arguments&&... arguments)
      : reactor_(reactor), listener_(listener), gloox_(std::forward<Arguments>(arguments)...) {
    gloox_.setCompression(false);
    gloox_.registerConnectionListener(this);
  }
  ~GlooxStream() override { gloox_.removeConnectionListener(this); }

  Tapped<Base>& gloox() { return gloox_; }
  void use(const net::ByteStreamFactory& streams, const std::string& host, std::uint16_t port) {
    gloox_.setConnectionImpl(
        new Connection(&gloox_, streams, host, port, [this] { on_fed(); }));  // gloox's own now
  }

  void connect() override { gloox_.connect(false); }
  void send(const xml::Element& stanza) override { gloox_.send_text(xml::write(stanza)); }
  void close() override {
    alive_.reset();
    gloox_.disconnect();
  }
  bool take_heard() override { return std::exchange(heard_, false); }

private:
  void onConnect() override {
    gloox_.go_online([this](const gloox::Tag& tag) { events_.emplace_back(to_element(tag)); });
    events_.emplace_back(Online{});
  }
  void onDisconnect(gloox::ConnectionError reason) override { events_.emplace_back(Lost{text_of(reason)}); }
  bool onTLSConnect(const gloox::CertInfo& certificate) override {
    return certificate.status == gloox::CertOk;
  }

  // gloox must not be destroyed while it works: what it produced is handed on in a turn of its own.
  void on_fed() {
    heard_ = true;
    if (events_.empty()) return;
    reactor_.post([this, alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) deliver(alive);
    });
  }
  void deliver(const std::weak_ptr<char>& alive) {
    while (!alive.expired() && !events_.empty()) {
      const Event event = std::move(events_.front());
      events_.pop_front();
      if (std::holds_alternative<Online>(event)) {
        listener_.on_stream_online(Jid::parse(gloox_.jid().full()).value_or(Jid()));
      } else if (const auto* lost = std::get_if<Lost>(&event); lost) {
        listener_.on_stream_lost(lost->why);
      } else {
        listener_.on_stanza(std::get<xml::Element>(event));
      }
    }
  }

  net::Reactor& reactor_;
  Listener& listener_;
  std::deque<Event> events_;
  bool heard_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
  Tapped<Base> gloox_;
};

}  // namespace

std::unique_ptr<Stream> make_stream(net::Reactor& reactor, const ClientSettings& settings,
                                    const net::ByteStreamFactory& streams, Stream::Listener& listener) {
  gloox::JID jid;
  jid.setServer(settings.domain);
  jid.setUsername(settings.user);
  jid.setResource(settings.resource);
  auto stream = std::make_unique<GlooxStream<gloox::Client>>(reactor, listener, jid, settings.password);
  auto& client = stream->gloox();
  client.disableRoster();
  client.removePresenceExtension(gloox::ExtCaps);
  // -PLUS is never used, our TLS has no channel binding for it; left out, gloox claims a downgrade and
  // Prosody refuses.
  client.setSASLMechanisms(gloox::SaslMechScramSha1Plus | gloox::SaslMechScramSha1);
  client.setTls(settings.tls == Tls::required ? gloox::TLSRequired : gloox::TLSDisabled);
  if (settings.tls == Tls::required)
    client.setEncryptionImpl(new TlsLayer(client, settings.domain, settings.ca_file));
  stream->use(streams, settings.host, settings.port);
  return stream;
}

std::unique_ptr<Stream> make_stream(net::Reactor& reactor, const ComponentSettings& settings,
                                    const net::ByteStreamFactory& streams, Stream::Listener& listener) {
  auto stream = std::make_unique<GlooxStream<gloox::Component>>(
      reactor, listener, "jabber:component:accept", settings.host, settings.domain, settings.secret);
  stream->gloox().setTls(gloox::TLSDisabled);
  stream->use(streams, settings.host, settings.port);
  return stream;
}

}  // namespace cloister::xmpp::stream
