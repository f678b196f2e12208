#include "audit/model/pattern.h"

#include <boost/regex.hpp>

namespace cloister::audit::model {
namespace {

constexpr std::size_t kLongestValue = 64 * 1024;

}  // namespace

struct Pattern::Compiled {
  boost::regex regex;
};

Pattern::Pattern(std::string text, std::shared_ptr<const Compiled> compiled)
    : text_(std::move(text)), compiled_(std::move(compiled)) {}

Result<Pattern, std::string> Pattern::make(const std::string& text) {
  try {
    return Pattern(text, std::make_shared<Compiled>(Compiled{boost::regex(text)}));
  } catch (const boost::regex_error& error) {
    return fail(std::string(error.what()));
  }
}

Match Pattern::whole(std::string_view value) const {
  if (value.size() > kLongestValue) return Match::gave_up;
  try {
    return boost::regex_match(value.begin(), value.end(), compiled_->regex) ? Match::yes : Match::no;
  } catch (const std::runtime_error&) {  // too complex for this value
    return Match::gave_up;
  }
}

Match Pattern::search(std::string_view value, std::vector<std::string>* groups) const {
  if (value.size() > kLongestValue) return Match::gave_up;
  try {
    boost::match_results<std::string_view::const_iterator> found;
    if (!boost::regex_search(value.begin(), value.end(), found, compiled_->regex)) return Match::no;
    if (groups != nullptr) groups->assign(found.begin(), found.end());
    return Match::yes;
  } catch (const std::runtime_error&) {
    return Match::gave_up;
  }
}

}  // namespace cloister::audit::model
