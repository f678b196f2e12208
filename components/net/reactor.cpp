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
  asio::signal_set hangups{io};
  std::function<void()> on_hangup;

  void await_hangup() {
    hangups.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      await_hangup();
      on_hangup();
    });
  }
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

void Reactor::on_hangup(std::function<void()> callback) {
  parts_->on_hangup = std::move(callback);
  parts_->hangups.add(SIGHUP);
  parts_->await_hangup();
}

asio::io_context& Reactor::io() { return parts_->io; }

}  // namespace cloister::net
