#include "gate/sign_in/check_thread.h"

#include <pthread.h>

namespace cloister::gate::sign_in {

CheckThread::CheckThread(secrets::HashCost cost, std::function<void(std::function<void()>)> post)
    : cost_(cost), post_(std::move(post)), thread_([this] { run(); }) {}

CheckThread::~CheckThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  more_.notify_one();
  thread_.join();
}

bool CheckThread::check(std::string verifier, secrets::Secret password, std::function<void(Outcome)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back({std::move(verifier), std::move(password), std::move(done)});
  }
  more_.notify_one();
  return true;
}

void CheckThread::run() {
  pthread_setname_np(pthread_self(), "gate-check");
  while (true) {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    post_([outcome = check_password(job.verifier, job.password, cost_), done = std::move(job.done)] {
      done(outcome);
    });
  }
}

}  // namespace cloister::gate::sign_in
