#include "xmpp/stream/connection.h"

#include <utility>

namespace cloister::xmpp::stream {

Connection::Connection(gloox::ConnectionDataHandler* handler, const net::ByteStreamFactory& streams,
                       const std::string& host, std::uint16_t port, std::function<void()> fed)
    : ConnectionBase(handler), stream_(streams(*this)), fed_(std::move(fed)) {
  m_server = host;
  m_port = port;
}

gloox::ConnectionError Connection::connect() {
  m_state = gloox::StateConnecting;
  stream_->connect(m_server, static_cast<std::uint16_t>(m_port));
  return gloox::ConnNoError;
}

bool Connection::send(const std::string& data) {
  if (m_state != gloox::StateConnected) return false;
  stream_->write(data);
  return true;
}

void Connection::disconnect() {
  m_state = gloox::StateDisconnected;
  stream_->close();
}

void Connection::on_connected() {
  m_state = gloox::StateConnected;
  m_handler->handleConnect(this);
  fed_();
}

void Connection::on_bytes(std::string_view bytes) {
  m_handler->handleReceivedData(this, std::string(bytes));
  fed_();
}

void Connection::on_closed() {
  m_state = gloox::StateDisconnected;
  m_handler->handleDisconnect(this, gloox::ConnStreamClosed);
  fed_();
}

}  // namespace cloister::xmpp::stream
