#include "forward/load.h"

#include <pthread.h>

#include "base/assert.h"

namespace cloister::bench {

LoadParticipant::LoadParticipant(Load& load) {
  net::UdpPortSettings settings;
  settings.addresses = {SocketAddress::parse(load.ip(), 0).value()};
  settings.receive_buffer = 1024 * 1024;
  settings.kernel_times = true;
  auto port = net::UdpPort::open(load.reactor(), load.pool(), settings);
  ASSERT(port);
  port_ = std::move(*port);
}

Load::Load(const Place& place) : place_(place) {
  std::promise<void> placed;
  thread_ = std::thread([this, &placed] {
    pthread_setname_np(pthread_self(), "load");
    move_to(place_);
    tick();
    placed.set_value();
    reactor_.run();
  });
  placed.get_future().wait();
}

Load::~Load() {
  call([this] {
    frame_timer_.cancel();
    tick_timer_.cancel();
    participants_.clear();
  });
  reactor_.stop();
  thread_.join();
}

void Load::start(std::vector<LoadParticipant*> senders) {
  senders_ = std::move(senders);
  for (const auto& participant : participants_) participant->start();
  next_frame_ = std::chrono::steady_clock::now();
  send_next();
}

void Load::send_next() {
  const TimePoint now = std::chrono::steady_clock::now();
  senders_[next_sender_]->send_frame(now);
  next_sender_ = (next_sender_ + 1) % senders_.size();
  next_frame_ += Duration(1s) / Scene::kFramesPerSecond / senders_.size();
  frame_timer_.start(std::max(next_frame_ - now, Duration::zero()), [this] { send_next(); });
}

void Load::tick() {
  const TimePoint now = std::chrono::steady_clock::now();
  for (const auto& participant : participants_) participant->tick(now);
  tick_timer_.start(kTick, [this] { tick(); });
}

}  // namespace cloister::bench
