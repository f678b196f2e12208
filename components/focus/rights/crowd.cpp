#include "focus/rights/crowd.h"

#include <set>
#include <string_view>

namespace cloister::focus::rights {

bool Crowd::on_arrivals(const std::vector<xmpp::Crowd::Network>& networks, TimePoint now) {
  while (!recent_.empty() && now - recent_.front().at >= settings_.window) recent_.pop_front();
  for (const auto& [tag, joins] : networks) recent_.push_back({.at = now, .network = tag, .joins = joins});
  while (recent_.size() > kMostRemembered) recent_.pop_front();
  if (!is_too_much()) return false;
  recent_.clear();  // the next alarm needs as many again
  strict_until_ = now + settings_.strict;
  return true;
}

bool Crowd::is_too_much() const {
  std::size_t joins = 0;
  std::set<std::string_view> networks;
  for (const Arrival& arrival : recent_) {
    joins += arrival.joins;
    networks.insert(arrival.network);
  }
  const std::size_t percent = is_strict() ? settings_.strict_percent : 100;
  return joins * 100 > settings_.joins * percent || networks.size() * 100 > settings_.networks * percent;
}

bool Crowd::on_wakeup(TimePoint now) {
  if (!strict_until_ || *strict_until_ > now) return false;
  strict_until_.reset();
  return true;
}

}  // namespace cloister::focus::rights
