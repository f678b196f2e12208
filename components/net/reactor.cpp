#include "net/reactor.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

namespace cloister::net {

namespace asio = boost::asio;

struct Reactor::Parts {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_running{io.get_executor()};
  asio::signal_set signals{io};
};

Reactor::Reactor() : parts_(std::make_unique<Parts>()) {}
Reactor::~Reactor() = default;

void Reactor::run() {
  parts_->io.restart();
  parts_->io.run();
}

void Reactor::poll() {
  parts_->io.restart();
  parts_->io.poll();
}

void Reactor::stop() { parts_->io.stop(); }

void Reactor::post(std::function<void()> callback) { asio::post(parts_->io, std::move(callback)); }

void Reactor::on_termination(std::function<void()> callback) {
  parts_->signals.add(SIGTERM);
  parts_->signals.add(SIGINT);
  parts_->signals.async_wait([callback = std::move(callback)](const boost::system::error_code& error, int) {
    if (!error) callback();
  });
}

asio::io_context& Reactor::io() { return parts_->io; }

}  // namespace cloister::net
