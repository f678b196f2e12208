// A value or the reason why there is none. Today tl::expected, one day std::expected: only this header
// changes.
#pragma once

#include <system_error>
#include <tl/expected.hpp>

namespace cloister {

template <class T, class E>
struct [[nodiscard]] Result : tl::expected<T, E> {
  using tl::expected<T, E>::expected;
};

template <class E>
constexpr tl::unexpected<E> fail(E error) {
  return tl::unexpected<E>(std::move(error));
}

// The machine failed us: what the system said, and what was being done. `doing` names no person.
struct SystemError {
  std::error_code code;
  const char* doing = "";
};

}  // namespace cloister
