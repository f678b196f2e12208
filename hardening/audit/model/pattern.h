// A regular expression of a check (Perl's syntax, of which ECMAScript's is a part). Never runs away: a value
// that is too long, or that the expression takes too many steps for, counts as one that does not match and
// says so.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cloister::audit::model {

enum class Match : std::uint8_t { yes, no, gave_up };

class Pattern {
public:
  // The error is what is wrong with the expression, in words.
  static Result<Pattern, std::string> make(const std::string& text);

  const std::string& text() const { return text_; }
  Match whole(std::string_view value) const;
  // Anywhere in the value. `groups`, when given, receives the whole match and then its groups.
  Match search(std::string_view value, std::vector<std::string>* groups = nullptr) const;

private:
  struct Compiled;
  Pattern(std::string text, std::shared_ptr<const Compiled> compiled);

  std::string text_;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace cloister::audit::model
