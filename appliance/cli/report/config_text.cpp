#include "cli/report/config_text.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>

namespace cloister::cli::report {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// Words, up to a semicolon or brace that is not quoted.
class NginxWords {
public:
  void take(char c) {
    if (quote_ != '\0') {
      if (c == quote_) {
        quote_ = '\0';
      } else {
        word_ += c;
      }
    } else if (c == '"' || c == '\'') {
      quote_ = c;
    } else if (c == '#' && word_.empty()) {
      comment_ = true;
    } else if (c == ';' || c == '{' || c == '}') {
      end_word();
      if (!words_.empty()) out.push_back(std::exchange(words_, {}));
    } else if (is_blank(c)) {
      end_word();
    } else {
      word_ += c;
    }
  }
  void take_any(char c) {
    if (c == '\n') comment_ = false;
    if (!comment_) take(c);
  }
  std::vector<std::vector<std::string>> out;

private:
  void end_word() {
    if (!word_.empty()) words_.push_back(std::exchange(word_, {}));
  }

  std::string word_;
  std::vector<std::string> words_;
  char quote_ = '\0';
  bool comment_ = false;
};

}  // namespace

std::vector<std::vector<std::string>> nginx_directives(std::string_view text) {
  NginxWords words;
  for (const char c : text) words.take_any(c);
  return std::move(words.out);
}

std::string without_lua_comments(std::string_view text) {
  std::string out;
  for (const std::string& line : lines_of(text)) out += line.substr(0, line.find("--")) + '\n';
  return out;
}

std::vector<std::string> lua_values(std::string_view text, std::string_view name) {
  std::vector<std::string> out;
  for (const std::string& line : lines_of(without_lua_comments(text))) {
    const std::string_view whole = trimmed(line);
    const std::size_t equals = whole.find('=');
    if (equals != std::string_view::npos && trimmed(whole.substr(0, equals)) == name)
      out.emplace_back(trimmed(whole.substr(equals + 1)));
  }
  return out;
}

std::string last_value(std::string_view text, std::string_view name) {
  std::string out;
  for (const std::string& line : lines_of(text)) {
    const std::string_view whole = trimmed(line);
    const std::size_t equals = whole.find('=');
    if (equals != std::string_view::npos && trimmed(whole.substr(0, equals)) == name)
      out = trimmed(whole.substr(equals + 1));
  }
  return out;
}

}  // namespace cloister::cli::report
