// One XML stream to the server: from dialling until it is lost. gloox negotiates (TLS, SASL, bind; handshake
// of a component); once online, stanzas pass it by: they go up as elements, ours go down as text. So none of
// gloox's tables, ids, locks or extension matching take part.
//
// Stream management (XEP-0198) is left off: gloox's resumption keeps every stanza until it asks for an
// acknowledgement, which it never does by itself, counts from zero again after its own disconnect(), and
// stops half-way when the server refuses to resume. A lost stream is lost.
#pragma once

#include <memory>

#include "net/byte_stream.h"
#include "net/reactor.h"
#include "xmpp/session.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::stream {

class Stream {
public:
  // Callbacks come from the reactor, never from within a call; any of them may destroy the stream.
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_stream_online(const Jid& bound) = 0;
    virtual void on_stanza(const xml::Element& stanza) = 0;
    // `why` is for the operator; the stream is of no more use.
    virtual void on_stream_lost(const char* why) = 0;
  };
  virtual ~Stream() = default;
  virtual void connect() = 0;
  virtual void send(const xml::Element& stanza) = 0;
  // Says goodbye; no callback follows.
  virtual void close() = 0;
  // Whether anything came from the server since the last time this was asked.
  virtual bool take_heard() = 0;
};

std::unique_ptr<Stream> make_stream(net::Reactor& reactor, const ClientSettings& settings,
                                    const net::ByteStreamFactory& streams, Stream::Listener& listener);
std::unique_ptr<Stream> make_stream(net::Reactor& reactor, const ComponentSettings& settings,
                                    const net::ByteStreamFactory& streams, Stream::Listener& listener);

}  // namespace cloister::xmpp::stream
