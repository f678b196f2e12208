#include "load/worker.h"

#include <pthread.h>

namespace cloister::load {

Worker::Worker(const Plan& plan, const SocketAddress& ip,
               const std::shared_ptr<const videobridge::transport::Certificate>& certificate)
    : plan_(plan), ground_{.reactor = reactor_, .pool = pool_, .certificate = certificate, .ip = ip} {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "load");
    tick();
    reactor_.run();
  });
}

Worker::~Worker() {
  call([this] {
    timer_.cancel();
    participants_.clear();
  });
  reactor_.stop();
  thread_.join();
}

void Worker::add(Role role) {
  call([&] { participants_.push_back(std::make_unique<Participant>(plan_, ground_, role)); });
}

void Worker::tick() {
  for (const auto& participant : participants_) participant->tick(SteadyClock().now());
  timer_.start(kTick, [this] { tick(); });
}

}  // namespace cloister::load
