#include "audit/probes/kernel/apparmor_files.h"

#include <algorithm>

#include "audit/model/pattern.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

std::string mode_of(std::string_view declaration) {
  for (const char* const mode : {"complain", "kill", "unconfined"})
    if (const std::size_t flags = declaration.find("flags="); flags != std::string_view::npos)
      if (declaration.substr(flags, declaration.find(')', flags) - flags).find(mode) !=
          std::string_view::npos)
        return mode;
  return "enforce";
}

// Without flags=(…), which may have blanks inside.
std::string without_flags(std::string_view declaration) {
  std::string text(declaration);
  const std::size_t flags = std::min(text.find("flags="), text.find("xattrs="));
  return text.substr(0, flags);
}

ProfileText parse_declaration(std::string_view declaration) {
  ProfileText profile;
  profile.mode = mode_of(declaration);
  const std::string plain = without_flags(declaration);
  auto words = words_of(plain);
  if (!words.empty() && words[0] == "profile") words.erase(words.begin());
  if (words.empty()) return profile;
  profile.name = unquoted(words[0]);
  const std::string_view attachment = words.size() > 1 ? unquoted(words[1]) : unquoted(words[0]);
  if (attachment.starts_with('/') || attachment.starts_with('@') || attachment.starts_with('{'))
    profile.attachment = attachment;
  return profile;
}

// A regular expression that means the same.
std::string expression_of(std::string_view pattern) {
  std::string expression;
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*') {
      const bool across = i + 1 < pattern.size() && pattern[i + 1] == '*';
      expression += across ? ".*" : "[^/]*";
      i += across ? 1 : 0;
    } else if (c == '?') {
      expression += "[^/]";
    } else if (c == '{') {
      expression += "(?:";
      ++depth;
    } else if (c == '}' && depth > 0) {
      expression += ')';
      --depth;
    } else if (c == ',' && depth > 0) {
      expression += '|';
    } else if (c == '[' || c == ']' || c == '-' || c == '^') {
      expression += c;
    } else if (std::string_view(".+()|$\\").find(c) != std::string_view::npos) {
      expression += '\\';
      expression += c;
    } else {
      expression += c;
    }
  }
  return expression;
}

}  // namespace

std::vector<model::Fact> parse_profiles(std::string_view text) {
  std::vector<model::Fact> facts;
  for (const Line& line : lines_of(text, "")) {
    const std::size_t open = line.text.rfind(" (");
    if (open == std::string_view::npos || !line.text.ends_with(')')) continue;
    facts.push_back({std::string(line.text.substr(0, open)),
                     std::string(line.text.substr(open + 2, line.text.size() - open - 3))});
  }
  std::ranges::sort(facts);
  return facts;
}

std::vector<ProfileText> parse_profile_file(std::string_view text) {
  std::vector<ProfileText> profiles;
  int depth = 0;
  for (const Line& line : lines_of(text)) {
    const std::string_view plain = trimmed(line.text.substr(0, line.text.find(" #")));
    const bool declares = plain.starts_with("profile ") || plain.starts_with('/') || plain.starts_with('"') ||
                          plain.starts_with("@{");
    if (depth == 0 && declares && plain.ends_with('{'))
      profiles.push_back(parse_declaration(trimmed(plain.substr(0, plain.size() - 1))));
    if (plain.ends_with('{')) ++depth;
    if (plain.starts_with('}')) depth = std::max(depth - 1, 0);
  }
  return profiles;
}

bool attaches(std::string_view pattern, std::string_view program) {
  if (pattern.empty()) return false;
  const auto expression = model::Pattern::make(expression_of(pattern));
  return expression && expression->whole(program) == model::Match::yes;
}

}  // namespace cloister::audit::probes
