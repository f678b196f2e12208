// gloox's seam for transports, over a ByteStream. Belongs to its gloox client, which deletes it.
#pragma once

#include <gloox/connectionbase.h>

#include <functional>
#include <memory>

#include "net/byte_stream.h"

namespace cloister::xmpp::stream {

class Connection final : public gloox::ConnectionBase, private net::ByteStream::Listener {
public:
  // `fed` runs after gloox has been given something, outside of gloox.
  Connection(gloox::ConnectionDataHandler* handler, const net::ByteStreamFactory& streams,
             const std::string& host, std::uint16_t port, std::function<void()> fed);

  gloox::ConnectionError connect() override;
  gloox::ConnectionError recv(int) override { return gloox::ConnNoError; }
  gloox::ConnectionError receive() override { return gloox::ConnNoError; }
  bool send(const std::string& data) override;
  void disconnect() override;
  void cleanup() override { m_state = gloox::StateDisconnected; }
  void getStatistics(long int& in, long int& out) override { in = out = 0; }
  gloox::ConnectionBase* newInstance() const override { return nullptr; }

private:
  void on_connected() override;
  void on_bytes(std::string_view bytes) override;
  void on_closed() override;

  std::unique_ptr<net::ByteStream> stream_;
  std::function<void()> fed_;
};

}  // namespace cloister::xmpp::stream
