// The server's side of sessions under test: sees what they write, says what the test wants.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/byte_stream.h"
#include "net/reactor.h"
#include "support/run_until.h"
#include "xml_support.h"

namespace cloister::xmpp {

class MemoryServer {
public:
  explicit MemoryServer(net::Reactor& reactor) : reactor_(reactor) {}

  net::ByteStreamFactory streams() {
    return [this](net::ByteStream::Listener& listener) { return std::make_unique<Link>(*this, listener); };
  }
  // Says something on the newest connection.
  void say(const std::string& text) {
    ASSERT_TRUE(link);
    link->listener.on_bytes(text);
    reactor_.poll();
  }
  void drop() {
    ASSERT_TRUE(link);
    std::exchange(link, nullptr)->listener.on_closed();
    reactor_.poll();
  }
  // The last thing written, as XML.
  xml::Element last() const {
    EXPECT_FALSE(written.empty());
    return written.empty() ? xml::Element{} : from_text(written.back());
  }
  // Takes a component in (XEP-0114).
  void accept_component() {
    ASSERT_TRUE(support::run_until(reactor_, [this] { return link && link->greeted; }));
    say("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
        "xmlns='jabber:component:accept' id='stream-1' from='focus.d'>");
    ASSERT_EQ(last().name, "handshake");
    say("<handshake/>");
  }

  struct Link final : net::ByteStream {
    Link(MemoryServer& its, Listener& to) : server(its), listener(to) {}
    ~Link() override { close(); }
    void connect(const std::string&, std::uint16_t) override {
      server.link = this;
      ++server.connections;
      server.reactor_.post([this, &server = server] {
        if (server.link == this) listener.on_connected();
      });
    }
    void write(std::string_view bytes) override {
      if (server.link != this) return;
      if (bytes.starts_with("<?xml")) {
        greeted = true;
      } else {
        server.written.emplace_back(bytes);
      }
    }
    void close() override {
      if (server.link == this) server.link = nullptr;
    }
    MemoryServer& server;
    Listener& listener;
    bool greeted = false;
  };

  Link* link = nullptr;  // null: nobody is connected
  int connections = 0;
  std::vector<std::string> written;  // stanzas, without the stream's header

private:
  net::Reactor& reactor_;
};

}  // namespace cloister::xmpp
