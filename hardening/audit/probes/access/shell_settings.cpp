#include "audit/probes/access/shell_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

bool is_introduction(std::string_view word) {
  for (const char* introduction : {"then", "else", "do", "{", "(", "if", "elif", "!"})
    if (word == introduction) return true;
  return false;
}

// "export", "readonly", "declare -xr", "typeset -r": what is said of the names that follow.
struct Declaration {
  bool readonly = false;
  bool exported = false;
  std::size_t words = 0;  // how many words it takes
};
Declaration declaration_of(const std::vector<std::string>& words) {
  Declaration found;
  if (words.empty()) return found;
  const std::string& first = words.front();
  if (first != "export" && first != "readonly" && first != "declare" && first != "typeset" &&
      first != "local")
    return found;
  found.readonly = first == "readonly";
  found.exported = first == "export";
  for (found.words = 1; found.words < words.size() && words[found.words].starts_with('-'); ++found.words) {
    found.readonly = found.readonly || words[found.words].find('r') != std::string::npos;
    found.exported = found.exported || words[found.words].find('x') != std::string::npos;
  }
  return found;
}

// "g=rx": the bits that the mask keeps from that class.
std::optional<unsigned> kept_from(std::string_view permissions) {
  unsigned allowed = 0;
  for (const char c : permissions) {
    if (c == 'r')
      allowed |= 4U;
    else if (c == 'w')
      allowed |= 2U;
    else if (c == 'x')
      allowed |= 1U;
    else
      return std::nullopt;
  }
  return 7U & ~allowed;
}

std::optional<unsigned> symbolic_mask(std::string_view text) {
  unsigned mask = 0;
  bool any = false;
  for (const auto part : words_of(text, ",")) {
    const auto halves = split_at(part, '=');
    if (!halves) return std::nullopt;
    const auto kept = kept_from(halves->second);
    if (!kept) return std::nullopt;
    for (const char who : halves->first) {
      if (who == 'u' || who == 'a') mask |= *kept << 6U;
      if (who == 'g' || who == 'a') mask |= *kept << 3U;
      if (who == 'o' || who == 'a') mask |= *kept;
    }
    any = true;
  }
  return any ? std::optional(mask) : std::nullopt;
}

}  // namespace

std::vector<Statement> parse_statements(std::string_view text) {
  std::vector<Statement> statements;
  for (const Line& line : lines_of(text)) {
    Statement statement{{}, line.number};
    std::string word;
    char quote = 0;
    const auto end_word = [&] {
      if (!word.empty() && !(statement.words.empty() && is_introduction(word)))
        statement.words.push_back(word);
      word.clear();
    };
    const auto end_statement = [&] {
      end_word();
      if (!statement.words.empty())
        statements.push_back(std::exchange(statement, Statement{{}, line.number}));
    };
    for (const char c : line.text) {
      if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
        quote = quote != 0 ? '\0' : c;
      } else if (quote == 0 && c == '#' && word.empty()) {
        break;
      } else if (quote == 0 && (c == ';' || c == '&' || c == '|')) {
        end_statement();
      } else if (quote == 0 && (c == ' ' || c == '\t')) {
        end_word();
      } else {
        word += c;
      }
    }
    end_statement();
  }
  return statements;
}

std::optional<std::string> canonical_umask(std::string_view text) {
  const auto octal = number(text, 8);
  if (octal && *octal >= 0 && *octal <= 0777) return fmt::format("{:04o}", *octal);
  if (const auto mask = symbolic_mask(text)) return fmt::format("{:04o}", *mask);
  return std::nullopt;
}

std::vector<Assignment> assignments_of(std::string_view text, std::string_view variable) {
  std::vector<Assignment> found;
  bool readonly = false;
  bool exported = false;
  for (const Statement& statement : parse_statements(text)) {
    const Declaration said = declaration_of(statement.words);
    for (std::size_t i = said.words; i < statement.words.size(); ++i) {
      const std::string_view word = statement.words[i];
      const auto parts = split_at(word, '=');
      if (!parts && said.words == 0) break;  // a command with arguments
      if ((parts ? parts->first : word) != variable) continue;
      if (parts) found.push_back({std::string(parts->second), false, false, statement.line});
      readonly = readonly || said.readonly;
      exported = exported || said.exported;
    }
  }
  for (Assignment& one : found) {
    one.readonly = readonly;
    one.exported = exported;
  }
  return found;
}

std::vector<Mask> umasks_of(std::string_view text) {
  std::vector<Mask> masks;
  for (const Statement& statement : parse_statements(text)) {
    if (statement.words.size() < 2 || statement.words.front() != "umask" || statement.words[1] == "-S")
      continue;
    masks.push_back({canonical_umask(statement.words[1]).value_or(statement.words[1]), statement.line});
  }
  return masks;
}

}  // namespace cloister::audit::probes
