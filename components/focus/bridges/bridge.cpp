#include "focus/bridges/bridge.h"

#include <algorithm>
#include <charconv>

namespace cloister::focus::bridges {
namespace {

using Stats = std::map<std::string, std::string>;
constexpr std::size_t kMaxRecentEndpoints = 1000;  // more than any bridge carries
constexpr std::size_t kMaxText = 64;               // of a region, a version

void read(const Stats& stats, const char* name, double& into) {
  const auto found = stats.find(name);
  if (found == stats.end()) return;
  const std::string& text = found->second;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= 1000) into = value;
}

void read(const Stats& stats, const char* name, bool& into) {
  const auto found = stats.find(name);
  if (found == stats.end()) return;
  if (found->second == "true") into = true;
  if (found->second == "false") into = false;
}

void read(const Stats& stats, const char* name, std::string& into) {
  const auto found = stats.find(name);
  if (found != stats.end() && found->second.size() <= kMaxText) into = found->second;
}

}  // namespace

void Bridge::on_stats(const Stats& stats) {
  read(stats, "stress_level", reported_stress_);
  read(stats, "average_participant_stress", stress_per_endpoint_);
  read(stats, "drain", draining_);
  bool graceful = false;
  bool shutting_down = false;
  read(stats, "graceful_shutdown", graceful);
  read(stats, "shutting_down", shutting_down);
  graceful_ |= graceful;
  shutting_down_ |= shutting_down;
  said_drain_ |= stats.contains("drain");
  bool healthy = !says_ill_;
  read(stats, "healthy", healthy);
  says_ill_ = !healthy;
  read(stats, "region", region_);
  read(stats, "relay_id", relay_id_);
  std::string release;
  read(stats, "release", release);
  read(stats, "version", version_);
  if (!release.empty() && stats.contains("version")) version_ += "-" + release;
}

void Bridge::on_endpoint_added(TimePoint now) {
  std::erase_if(recent_endpoints_, [now](TimePoint at) { return now - at >= kRampUp; });
  if (recent_endpoints_.size() < kMaxRecentEndpoints) recent_endpoints_.push_back(now);
}

double Bridge::stress(TimePoint now) const {
  const auto recent =
      std::ranges::count_if(recent_endpoints_, [now](TimePoint at) { return now - at < kRampUp; });
  return reported_stress_ + static_cast<double>(recent) * stress_per_endpoint_;
}

std::optional<TimePoint> Bridge::failed_until() const {
  if (!failed_at_) return std::nullopt;
  return *failed_at_ + kFailureMemory;
}

}  // namespace cloister::focus::bridges
