#include "net/udp_port.h"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/assert.h"
#include "net/udp_socket.h"

namespace cloister::net {
namespace {

// After so many full batches of one socket the others of the reactor get their turn.
constexpr int kBatchesInARow = 4;
constexpr int kPortAttempts = 20;
constexpr std::size_t kMaxSockets = 256;  // Path::socket

}  // namespace

class UdpPort::Impl : public std::enable_shared_from_this<Impl> {
public:
  Impl(boost::asio::io_context& io, PacketPool& pool)
      : io_(io), reader_(pool, counters_), sender_(counters_) {}

  std::error_code bind_all(const UdpPortSettings& settings, std::uint16_t port) {
    sockets_.clear();
    addresses_.clear();
    if (auto error = bind_port(settings, port)) return error;
    for (std::uint16_t i = 0; i < settings.more_ports; ++i) {
      const int further = settings.more_from == 0 ? 0 : settings.more_from + i;
      if (auto error = bind_port(settings, static_cast<std::uint16_t>(further))) return error;
    }
    return {};
  }

  void start(Receiver& receiver) {
    ASSERT(watchers_.empty());
    receiver_ = &receiver;
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
      watchers_.emplace_back(io_, dup(sockets_[i].get()));
      wait(i);
    }
  }

  void stop() {
    receiver_ = nullptr;
    watchers_.clear();
  }

  void send(std::span<const Datagram> batch) {
    while (!batch.empty()) {
      const std::size_t count = std::min(batch.size(), TrainSorter::kMaxBatch);
      sorter_.sort(batch.first(count));
      for (std::size_t i = 0; i < sockets_.size(); ++i)
        sender_.send(sockets_[i].get(), static_cast<std::uint8_t>(i), sorter_);
      batch = batch.subspan(count);
    }
  }

  const std::vector<SocketAddress>& addresses() const { return addresses_; }
  const UdpCounters& counters() const { return counters_; }

private:
  std::error_code bind_port(const UdpPortSettings& settings, std::uint16_t port) {
    for (const SocketAddress& address : settings.addresses) {
      auto socket = open_udp_socket(address.with_port(port), settings.receive_buffer, settings.send_buffer);
      if (!socket) return socket.error().code;
      if (settings.kernel_times) reader_.note_times(socket->get());
      addresses_.push_back(bound_address(socket->get()));
      port = addresses_.back().port();
      sockets_.push_back(std::move(*socket));
    }
    return {};
  }

  void wait(std::size_t socket) {
    watchers_[socket].async_wait(boost::asio::posix::descriptor_base::wait_read,
                                 [weak = weak_from_this(), socket](boost::system::error_code error) {
                                   const auto self = weak.lock();
                                   if (self && !error && self->receiver_ != nullptr)
                                     self->on_readable(socket);
                                 });
  }

  void on_readable(std::size_t socket) {
    for (int i = 0; i < kBatchesInARow; ++i) {
      const auto batch = reader_.read(sockets_[socket].get(), static_cast<std::uint8_t>(socket));
      if (!batch.empty()) receiver_->on_datagrams(batch, std::chrono::steady_clock::now());
      for (Arrival& arrival : batch) arrival.packet = {};
      if (receiver_ == nullptr) return;
      if (batch.size() < kBatch) break;
    }
    wait(socket);
  }

  boost::asio::io_context& io_;
  UdpCounters counters_;
  BatchReader reader_;
  TrainSender sender_;
  TrainSorter sorter_;
  Receiver* receiver_ = nullptr;
  std::vector<FileDescriptor> sockets_;
  std::vector<SocketAddress> addresses_;
  std::vector<boost::asio::posix::stream_descriptor> watchers_;
};

UdpPort::UdpPort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
UdpPort::~UdpPort() { stop(); }

Result<std::unique_ptr<UdpPort>, SystemError> UdpPort::open(Reactor& reactor, PacketPool& pool,
                                                            const UdpPortSettings& settings) {
  ASSERT(!settings.addresses.empty() && settings.addresses.size() <= kMaxSockets);
  const std::size_t ports = 1 + std::size_t{settings.more_ports};
  if (settings.addresses.size() * ports > kMaxSockets)
    return fail(SystemError{std::make_error_code(std::errc::too_many_files_open), "binding the media port"});
  auto impl = std::make_shared<Impl>(reactor.io(), pool);
  // A port that the kernel chose for the first address may be taken on another one: then it chooses again.
  const int attempts = settings.port == 0 ? kPortAttempts : 1;
  std::error_code error;
  for (int i = 0; i < attempts; ++i) {
    error = impl->bind_all(settings, settings.port);
    if (!error) return std::unique_ptr<UdpPort>(new UdpPort(std::move(impl)));
  }
  return fail(SystemError{error, "binding the media port"});
}

void UdpPort::start(Receiver& receiver) { impl_->start(receiver); }
void UdpPort::stop() { impl_->stop(); }
void UdpPort::send(std::span<const Datagram> batch) { impl_->send(batch); }
std::uint16_t UdpPort::port() const { return impl_->addresses().front().port(); }
const std::vector<SocketAddress>& UdpPort::local_addresses() const { return impl_->addresses(); }
const UdpCounters& UdpPort::counters() const { return impl_->counters(); }

}  // namespace cloister::net
