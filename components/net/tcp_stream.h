// TCP on a reactor.
#pragma once

#include <memory>

#include "net/byte_stream.h"
#include "net/reactor.h"

namespace cloister::net {

class TcpStream final : public ByteStream {
public:
  // What may wait for a slow peer before the connection is given up.
  static constexpr std::size_t kMaxQueuedBytes = 16U << 20U;

  TcpStream(Reactor& reactor, Listener& listener);
  ~TcpStream() override;
  void connect(const std::string& host, std::uint16_t port) override;
  void write(std::string_view bytes) override;
  void close() override;

private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

ByteStreamFactory tcp_streams(Reactor& reactor);

}  // namespace cloister::net
