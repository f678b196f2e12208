// A value that belongs to a person: a name, a room, an address, an id. It has no text form, so no log line,
// metric label or file can hold it by accident; it is wiped when it dies. Protocol code that must put it on
// the wire says so: expose().
#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <string>
#include <utility>

namespace cloister {

// Overwrites memory in a way the optimiser keeps.
void wipe(void* data, std::size_t size) noexcept;
// Wipes the whole buffer of a string, also the part behind its end, and leaves it empty.
void wipe(std::string& text) noexcept;

template <class T>
class Personal {
public:
  Personal() = default;
  explicit Personal(T value) : value_(std::move(value)) {}
  Personal(const Personal&) = default;
  Personal(Personal&& other) noexcept : value_(std::move(other.value_)) { other.clear(); }
  Personal& operator=(const Personal& other) {
    if (this != &other) {
      clear();
      value_ = other.value_;
    }
    return *this;
  }
  Personal& operator=(Personal&& other) noexcept {
    if (this != &other) {
      clear();
      value_ = std::move(other.value_);
      other.clear();
    }
    return *this;
  }
  ~Personal() { clear(); }

  // For the wire only. Never for text that a person other than the addressee may read.
  const T& expose() const { return value_; }

  friend bool operator==(const Personal&, const Personal&) = default;
  friend auto operator<=>(const Personal&, const Personal&) = default;

private:
  void clear() noexcept {
    if constexpr (std::is_same_v<T, std::string>) {
      wipe(value_);
    } else {
      static_assert(std::is_trivially_copyable_v<T>, "say how to wipe this type");
      wipe(&value_, sizeof value_);
    }
  }

  T value_{};
};

template <class T>
std::ostream& operator<<(std::ostream&, const Personal<T>&) = delete;

}  // namespace cloister

template <class T>
struct std::hash<cloister::Personal<T>> {
  std::size_t operator()(const cloister::Personal<T>& value) const { return std::hash<T>()(value.expose()); }
};
