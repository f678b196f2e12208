#include "base/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

namespace cloister {

SettingsReader::SettingsReader(std::string file, YAML::Node node, std::string path,
                               std::vector<std::string>& problems)
    : file_(std::move(file)), node_(node), path_(std::move(path)), problems_(problems) {
  if (node_.IsDefined() && !node_.IsNull() && !node_.IsMap()) {
    problems_.push_back(fmt::format("{}:{}: {} must be a mapping", file_, node_.Mark().line + 1, path_));
    node_ = YAML::Node(YAML::NodeType::Map);
  }
}

YAML::Node SettingsReader::find(const std::string& key) {
  known_.push_back(key);
  if (!node_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  const YAML::Node& map = node_;
  return map[key];
}

void SettingsReader::complain(const YAML::Node& at, const std::string& key, const std::string& what) {
  const int line = at.IsDefined() ? at.Mark().line + 1 : 1;
  problems_.push_back(
      fmt::format("{}:{}: {}{}: {}", file_, std::max(line, 1), path_.empty() ? "" : path_ + ".", key, what));
}

SettingsReader SettingsReader::section(const std::string& key) {
  YAML::Node value = find(key);
  return {file_, value.IsDefined() ? value : YAML::Node(YAML::NodeType::Map),
          path_.empty() ? key : path_ + "." + key, problems_};
}

void SettingsReader::list(const std::string& key, const std::function<void(SettingsReader&)>& each) {
  const YAML::Node value = find(key);
  if (!value.IsDefined() || value.IsNull()) return;
  if (!value.IsSequence()) return complain(value, key, "must be a list");
  for (std::size_t i = 0; i < value.size(); ++i) {
    SettingsReader item(file_, value[i], fmt::format("{}{}[{}]", path_.empty() ? "" : path_ + ".", key, i),
                        problems_);
    each(item);
  }
}

void SettingsReader::read_secret_file(const std::string& key, std::string& into) {
  std::string path;
  require(key, path);
  if (path.empty()) return;
  std::ifstream in(path);
  if (!std::getline(in, into) || into.empty())
    complain(node_[key], key, "names a file that cannot be read or is empty");
}

void SettingsReader::finish() {
  if (!node_.IsMap()) return;
  for (const auto& entry : node_) {
    const auto key = entry.first.as<std::string>("");
    if (std::ranges::find(known_, key) == known_.end())
      complain(entry.first, key, "is not a setting of this program");
  }
}

std::vector<std::string> read_settings(const std::string& file,
                                       const std::function<void(SettingsReader&)>& read) {
  std::vector<std::string> problems;
  try {
    const YAML::Node root = YAML::LoadFile(file);
    SettingsReader reader(file, root, "", problems);
    read(reader);
  } catch (const YAML::BadFile&) {
    problems.push_back(fmt::format("{}: cannot be read", file));
  } catch (const YAML::Exception& e) {
    problems.push_back(fmt::format("{}:{}: {}", file, e.mark.line + 1, e.msg));
  }
  return problems;
}

}  // namespace cloister
