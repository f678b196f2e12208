// Anonymous totals. A counter belongs to one thread that adds to it; any thread may read it.
#pragma once

#include <atomic>
#include <cstdint>

namespace cloister {

// Written by one thread without a locked instruction, read by all.
class Counter {
public:
  void add(std::uint64_t count = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
public:
  void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t count) noexcept { set(value() + count); }
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::int64_t> value_{0};
};

}  // namespace cloister
