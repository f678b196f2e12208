#include "audit/probes/access/sshd_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "audit/probes/access/sshd_values.h"
#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

constexpr const char* kMainFile = "/etc/ssh/sshd_config";
constexpr int kDeepestInclude = 16;       // as sshd
constexpr std::size_t kMostFiles = 1000;  // a loop of includes ends before it takes the memory

// Words of a line; "…" and '…' hold blanks, a comment ends it.
std::vector<std::string> arguments_of(std::string_view text) {
  std::vector<std::string> arguments;
  std::string word;
  bool inside = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
      quote = quote != 0 ? '\0' : c;
      inside = true;
    } else if (quote == 0 && (c == ' ' || c == '\t')) {
      if (inside) arguments.push_back(std::exchange(word, {}));
      inside = false;
    } else if (quote == 0 && !inside && c == '#') {
      break;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) arguments.push_back(word);
  return arguments;
}

// Names that sshd still takes for others.
std::string todays_name(std::string keyword) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOld{
      {{"challengeresponseauthentication", "kbdinteractiveauthentication"},
       {"skeyauthentication", "kbdinteractiveauthentication"},
       {"dsaauthentication", "pubkeyauthentication"},
       {"pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms"}}
  };
  for (const auto& [old, now] : kOld)
    if (keyword == old) return std::string(now);
  return keyword;
}

class Collector {
public:
  explicit Collector(const System& system) : system_(system) {}

  // /etc/default/ssh: SSHD_OPTS="-o Keyword=value". What is said there comes first.
  void add_options() {
    const auto content = system_.read_file("/etc/default/ssh");
    if (!content) return;
    for (const auto& [number, line] : lines_of(*content)) {
      const auto parts = split_at(line, '=');
      if (!parts || parts->first != "SSHD_OPTS") continue;
      const auto options = words_of(unquoted(parts->second));
      for (std::size_t i = 0; i < options.size(); ++i) {
        std::string_view option = options[i];
        if (!option.starts_with("-o")) continue;
        option.remove_prefix(2);
        if (option.empty() && i + 1 < options.size()) option = options[++i];
        for (SshdLine& set : parse_sshd_config(unquoted(option)))
          config_.settings.push_back({std::move(set.keyword), std::move(set.arguments), "",
                                      fmt::format("/etc/default/ssh:{}", number)});
      }
    }
  }

  // A Match block of an included file ends with that file; its Include inside of one belongs to the block.
  void add_file(const std::string& path, std::string match, int depth) {
    if (depth > kDeepestInclude || config_.files.size() >= kMostFiles) return;
    const auto content = system_.read_file(path);
    if (!content) {
      config_.errors.push_back(content.error());
      return;
    }
    config_.files.push_back(path);
    for (SshdLine& line : parse_sshd_config(*content)) {
      if (line.keyword == "match") {
        match = fmt::format("{}", fmt::join(line.arguments, " "));
        if (lower(match) == "all") match.clear();
      } else if (line.keyword == "include") {
        for (const std::string& pattern : line.arguments) include(pattern, match, depth);
      } else {
        config_.settings.push_back({std::move(line.keyword), std::move(line.arguments), match,
                                    fmt::format("{}:{}", path, line.number)});
      }
    }
  }

  SshdConfig take() { return std::move(config_); }

private:
  void include(const std::string& pattern, const std::string& match, int depth) {
    const std::string whole = pattern.starts_with('/') ? pattern : "/etc/ssh/" + pattern;
    for (const std::string& path : system_.glob(whole)) add_file(path, match, depth + 1);
  }

  const System& system_;
  SshdConfig config_;
};

}  // namespace

std::vector<SshdLine> parse_sshd_config(std::string_view text) {
  std::vector<SshdLine> parsed;
  for (const auto& [number, line] : lines_of(text)) {
    // "Keyword value", "Keyword=value", "Keyword = value"
    const auto end = std::min(line.find_first_of(" \t="), line.size());
    std::string_view rest = trimmed(line.substr(end));
    if (rest.starts_with('=')) rest = trimmed(rest.substr(1));
    SshdLine found{number, todays_name(lower(unquoted(line.substr(0, end)))), arguments_of(rest)};
    if (!found.arguments.empty()) parsed.push_back(std::move(found));
  }
  return parsed;
}

const SshdConfig& sshd_config_of(const System& system) {
  return system.remember<SshdConfig>("sshd_config", [&] {
    Collector collector(system);
    collector.add_options();
    collector.add_file(kMainFile, "", 0);
    return collector.take();
  });
}

std::vector<SshdValue> effective_sshd(const SshdConfig& config, const std::string& keyword) {
  std::vector<SshdValue> values;
  for (const SshdSetting& setting : config.settings) {
    if (setting.keyword != keyword) continue;
    const auto known = std::ranges::find(values, setting.match, &SshdValue::match);
    const std::string value = canonical_sshd_value(keyword, setting.arguments);
    if (known == values.end())
      values.push_back({setting.match, value, setting.where});
    else if (is_sshd_list(keyword))
      known->value += " " + value;
  }
  std::stable_partition(values.begin(), values.end(),
                        [](const SshdValue& value) { return value.match.empty(); });
  const auto usual = sshd_default(keyword);
  if (usual && (values.empty() || !values.front().match.empty()))
    values.insert(values.begin(), {"", std::string(*usual), ""});
  return values;
}

}  // namespace cloister::audit::probes
