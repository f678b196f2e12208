#include "videobridge/bandwidth/estimation/probe_planner.h"

#include <algorithm>
#include <utility>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

constexpr double kFaster = 2;
constexpr double kEnough = 1.25;         // of what is wanted: more need not be known
constexpr double kReached = 0.7;         // of the probe's rate: worth another one
constexpr Duration kInterval = 2s;       // a short one costs next to nothing
constexpr Duration kProofInterval = 5s;  // a long one may fill a queue
constexpr Duration kSecondLook = 500ms;
constexpr Duration kPatience = 1s;  // for a result
// After a fall: once it is calm again, nearly back to where it was.
constexpr Duration kRecovery = 1s;
constexpr Duration kRecoveryEnd = 5s;
constexpr double kRecoveryShare = 0.85;

}  // namespace

std::optional<ProbePlanner::Cluster> ProbePlanner::next(const Situation& situation, TimePoint now) {
  if (asked_ && now - asked_->at < kPatience) return std::nullopt;
  if (asked_) next_ = now;  // it has shown nothing
  asked_.reset();
  if (situation.wanted <= situation.estimate || !situation.calm) {
    promise_.reset();
    return std::nullopt;
  }
  auto cluster = choose(situation, now);
  if (!cluster) return std::nullopt;
  cluster->rate = std::clamp(cluster->rate, kLeastRate, kMostRate);
  asked_ = Asked{cluster->rate, now, cluster->is_proof};
  goes_on_ = false;
  next_ = now + (cluster->is_proof ? kProofInterval : kInterval);
  return cluster;
}

std::optional<ProbePlanner::Cluster> ProbePlanner::choose(const Situation& situation, TimePoint now) {
  const std::int64_t enough = scaled(situation.wanted, kEnough);
  if (promise_) {
    const std::int64_t promise = *std::exchange(promise_, std::nullopt);
    return Cluster{std::min(promise, scaled(situation.estimate, kFaster)), true};
  }
  if (lost_ && now - lost_->at >= kRecovery) {
    const Asked lost = *std::exchange(lost_, std::nullopt);
    const std::int64_t back = scaled(lost.rate, kRecoveryShare);
    if (now - lost.at < kRecoveryEnd && back > situation.estimate) return Cluster{std::min(back, enough)};
  }
  if (!goes_on_ && now < next_) return std::nullopt;
  return Cluster{
      std::min(situation.proven ? scaled(situation.estimate, kFaster) : situation.estimate, enough)};
}

void ProbePlanner::on_promise(std::int64_t rate) {
  asked_.reset();
  promise_ = rate;
}

void ProbePlanner::on_doubt(TimePoint now) {
  asked_.reset();
  next_ = now + kSecondLook;
}

void ProbePlanner::on_result(std::int64_t rate) {
  if (asked_ && rate >= scaled(asked_->rate, kReached)) goes_on_ = true;
  asked_.reset();
}

void ProbePlanner::on_drop(std::int64_t before, TimePoint now) {
  goes_on_ = false;
  promise_.reset();
  if (!lost_ || lost_->rate < before) lost_ = Asked{before, now};
  lost_->at = now;
}

}  // namespace cloister::videobridge::bandwidth::estimation
