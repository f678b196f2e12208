#include "gate/sign_in/check_thread.h"

#include <gtest/gtest.h>

#include <future>

namespace cloister::gate::sign_in {
namespace {

constexpr secrets::HashCost kCheap{.memory_kib = 1024, .passes = 1};
constexpr secrets::HashCost kOther{.memory_kib = 2048, .passes = 1};

// The gate's thread: runs what was posted, one after the other, when it is asked to.
class Posted {
public:
  void post(std::function<void()> callback) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(callback));
    more_.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(more_.wait_for(lock, std::chrono::seconds(20), [this] { return !waiting_.empty(); }));
    const auto callback = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    callback();
  }

private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> waiting_;
};

TEST(CheckThread, AnswersInOrderOnTheGatesThread) {
  Posted gate;
  CheckThread checks(kCheap, [&gate](std::function<void()> callback) { gate.post(std::move(callback)); });
  const auto verifier = secrets::make_verifier(secrets::Secret("right"), kCheap);
  std::vector<bool> answers;
  for (const char* password : {"right", "wrong", "right"})
    ASSERT_TRUE(checks.check(*verifier, secrets::Secret(password),
                             [&answers](const PasswordChecks::Outcome& outcome) {
                               answers.push_back(outcome.matches);
                               EXPECT_FALSE(outcome.renewed);
                             }));
  EXPECT_TRUE(answers.empty()) << "never from inside check()";
  for (int i = 0; i < 3; ++i) gate.run_one();
  EXPECT_EQ(answers, (std::vector{true, false, true}));
}

TEST(CheckThread, MakesVerifiersOfAnotherCostAnewWhenThePasswordIsRight) {
  const auto old = secrets::make_verifier(secrets::Secret("right"), kOther);
  EXPECT_FALSE(check_password(*old, secrets::Secret("wrong"), kCheap).renewed);
  const auto outcome = check_password(*old, secrets::Secret("right"), kCheap);
  ASSERT_TRUE(outcome.renewed);
  EXPECT_TRUE(secrets::has_cost(*outcome.renewed, kCheap));
  EXPECT_TRUE(secrets::matches(*outcome.renewed, secrets::Secret("right")));
}

TEST(CheckThread, TurnsAwayWhatItCannotDoSoon) {
  std::promise<void> gate_is_free;
  CheckThread checks(kCheap, [blocked = gate_is_free.get_future().share()](const std::function<void()>&) {
    blocked.wait();
  });
  const auto verifier = secrets::make_verifier(secrets::Secret("right"), kCheap);
  std::size_t taken = 0;
  while (taken < 1000 &&
         checks.check(*verifier, secrets::Secret("right"), [](const PasswordChecks::Outcome&) {}))
    ++taken;
  EXPECT_GE(taken, CheckThread::kMostWaiting);
  EXPECT_LE(taken, CheckThread::kMostWaiting + 1) << "and the one that is being checked";
  gate_is_free.set_value();
}

}  // namespace
}  // namespace cloister::gate::sign_in
