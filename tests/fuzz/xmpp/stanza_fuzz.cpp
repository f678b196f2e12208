// A whole stream of stanzas into a component session that is online, in two chunks: through the depth limit,
// gloox's parser, the session and its router.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "xmpp/session.h"

namespace net = cloister::net;
namespace xmpp = cloister::xmpp;

namespace {

struct Wire final : net::ByteStream {
  Wire(net::Reactor& its_reactor, Listener& to) : reactor(its_reactor), listener(&to) {}
  void connect(const std::string&, std::uint16_t) override {
    reactor.post([this] {
      if (listener) listener->on_connected();
    });
  }
  void write(std::string_view) override {}
  void close() override { listener = nullptr; }
  void feed(std::string_view bytes) {
    if (listener) listener->on_bytes(bytes);
  }
  net::Reactor& reactor;
  Listener* listener;
};

struct Nobody final : xmpp::Session::Listener {
  void on_online() override {}
  void on_offline() override {}
};

}  // namespace

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  net::Reactor reactor;
  Nobody listener;
  Wire* wire = nullptr;
  const auto session = xmpp::make_component_session(reactor, {.domain = "focus.d", .secret = "s"},
                                                    [&](net::ByteStream::Listener& to) {
                                                      auto made = std::make_unique<Wire>(reactor, to);
                                                      wire = made.get();
                                                      return made;
                                                    });
  session->router().on_iq<xmpp::ConferenceRequest>(
      [](const xmpp::Iq<xmpp::ConferenceRequest>&, xmpp::Responder responder) { responder.reply(); });
  session->start(listener);
  reactor.poll();
  wire->feed(
      "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
      "xmlns='jabber:component:accept' id='1'><handshake/>");
  reactor.poll();
  ASSERT(session->online());

  const std::string_view text(reinterpret_cast<const char*>(data), size);
  wire->feed(text.substr(0, size / 2));
  wire->feed(text.substr(size / 2));
  reactor.poll();
  return 0;
}
