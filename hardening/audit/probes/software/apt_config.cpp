#include "audit/probes/software/apt_config.h"

#include <algorithm>
#include <vector>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr std::string_view kMarks = "{};";

// Words, values in quotes (with their first quote), and the marks; comments are passed over.
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  const auto skip_to = [&](std::string_view end) {
    const std::size_t at = text.find(end);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  };
  while (!text.empty()) {
    const char c = text.front();
    if (kBlanks.find(c) != std::string_view::npos || c == '\n') {
      text.remove_prefix(1);
    } else if (c == '#' || text.starts_with("//")) {
      skip_to("\n");
    } else if (text.starts_with("/*")) {
      skip_to("*/");
    } else if (c == '"') {
      const std::size_t end = std::min(text.find('"', 1), text.size());
      tokens.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    } else if (kMarks.find(c) != std::string_view::npos) {
      tokens.emplace_back(1, c);
      text.remove_prefix(1);
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n\v\f{};\""), text.size());
      tokens.emplace_back(text.substr(0, end));
      text.remove_prefix(end);
    }
  }
  return tokens;
}

std::string joined(const std::vector<std::string>& scopes, const std::string& name) {
  std::string path;
  for (const std::string& scope : scopes)
    if (!scope.empty()) path += scope + "::";
  return lower(path + name);
}

}  // namespace

void parse_apt_config(std::string_view text, AptConfig& config) {
  std::vector<std::string> scopes;
  std::vector<std::string> statement;  // a name, then perhaps a value
  for (const std::string& token : tokens_of(text)) {
    if (token == "{") {
      scopes.push_back(statement.empty() ? "" : statement.front());
      statement.clear();
    } else if (token == "}") {
      if (!scopes.empty()) scopes.pop_back();
      statement.clear();
    } else if (token == ";") {
      if (statement.size() == 2) {
        const std::string& value = statement[1];
        config[joined(scopes, statement[0])] = value.starts_with('"') ? value.substr(1) : value;
      }
      statement.clear();
    } else {
      statement.push_back(token);
    }
  }
}

AptConfig apt_config(const System& system) {
  AptConfig config;
  auto files = system.glob("/etc/apt/apt.conf.d/*");
  files.emplace_back("/etc/apt/apt.conf");
  for (const std::string& path : files) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const bool counts = name.find('.') == std::string::npos || name.ends_with(".conf");
    if (const auto text = system.read_file(path); text && (counts || name == "apt.conf"))
      parse_apt_config(*text, config);
  }
  return config;
}

}  // namespace cloister::audit::probes
