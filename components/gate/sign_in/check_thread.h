// The thread `gate-check`: takes one password after the other. Values go in and come back; nothing is shared
// but the queue. Everything here is called on the gate's thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "gate/sign_in/password_checks.h"

namespace cloister::gate::sign_in {

class CheckThread final : public PasswordChecks {
public:
  static constexpr std::size_t kMostWaiting = 32;  // some three seconds' work

  // `post` brings a callback to the gate's thread, from any thread.
  CheckThread(secrets::HashCost cost, std::function<void(std::function<void()>)> post);
  ~CheckThread() override;  // waits for the check in progress; what waits is dropped
  CheckThread(const CheckThread&) = delete;
  CheckThread& operator=(const CheckThread&) = delete;

  [[nodiscard]] bool check(std::string verifier, secrets::Secret password,
                           std::function<void(Outcome)> done) override;

private:
  struct Job {
    std::string verifier;
    secrets::Secret password;
    std::function<void(Outcome)> done;
  };
  void run();

  const secrets::HashCost cost_;
  const std::function<void(std::function<void()>)> post_;
  std::mutex mutex_;  // of the two below
  std::deque<Job> waiting_;
  bool ending_ = false;
  std::condition_variable more_;
  std::thread thread_;
};

}  // namespace cloister::gate::sign_in
