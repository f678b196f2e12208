// A connection that carries bytes in order, seen from the side that dials. TcpStream is the real one; a test
// puts its own in place of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cloister::net {

// Reactor thread only. No callback comes from inside connect(), write() or close(), none after close() or
// after the stream's end, and none after on_closed().
class ByteStream {
public:
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_connected() = 0;
    virtual void on_bytes(std::string_view bytes) = 0;  // valid during the call
    virtual void on_closed() = 0;  // refused, reset, ended by the peer, or a queue too long
  };
  virtual ~ByteStream() = default;
  // `host` is an IP address or a name. Once per stream.
  virtual void connect(const std::string& host, std::uint16_t port) = 0;
  // Queues; the order is kept.
  virtual void write(std::string_view bytes) = 0;
  // Sends what is queued as far as the system takes it at once, then closes.
  virtual void close() = 0;
};

// Makes one stream per connection attempt. The listener outlives the stream.
using ByteStreamFactory = std::function<std::unique_ptr<ByteStream>(ByteStream::Listener&)>;

}  // namespace cloister::net
