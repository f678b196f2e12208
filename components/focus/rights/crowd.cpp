#include "focus/rights/crowd.h"

#include <utility>

namespace cloister::focus::rights {

bool Crowd::on_arrivals(const std::vector<xmpp::Crowd::Network>& networks, TimePoint now) {
  while (!recent_.empty() && now - recent_.front().at >= settings_.window) forget_oldest();
  for (const auto& [tag, joins] : networks) remember({.at = now, .network = tag, .joins = joins});
  if (!is_too_much()) return false;
  forget_all();  // the next alarm needs as many again
  strict_until_ = now + settings_.strict;
  return true;
}

void Crowd::remember(Arrival arrival) {
  if (recent_.size() == kMostRemembered) forget_oldest();
  recent_joins_ += arrival.joins;
  ++recent_networks_[arrival.network];
  recent_.push_back(std::move(arrival));
}

void Crowd::forget_oldest() {
  const Arrival& oldest = recent_.front();
  recent_joins_ -= oldest.joins;
  const auto network = recent_networks_.find(oldest.network);
  if (--network->second == 0) recent_networks_.erase(network);
  recent_.pop_front();
}

void Crowd::forget_all() {
  recent_.clear();
  recent_networks_.clear();
  recent_joins_ = 0;
}

bool Crowd::is_too_much() const {
  const std::size_t percent = is_strict() ? settings_.strict_percent : 100;
  return recent_joins_ * 100 > settings_.joins * percent ||
         recent_networks_.size() * 100 > settings_.networks * percent;
}

bool Crowd::on_wakeup(TimePoint now) {
  if (!strict_until_ || *strict_until_ > now) return false;
  strict_until_.reset();
  return true;
}

}  // namespace cloister::focus::rights
