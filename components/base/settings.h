// A daemon's settings: one YAML file, read once into a struct whose members carry their defaults. Every key
// that the struct does not name, every value of the wrong type or out of range is an error with file, line
// and remedy.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace cloister {

// All that is wrong with a file, one sentence each: "bridge.yaml:12: media.port: 99999 is not in 1…65535".
struct SettingsError {
  std::vector<std::string> problems;
};

// Reads one mapping. Asked for every key it knows; what was not asked for is a problem.
//   SettingsReader in(file, node, "media", problems);  in.read("port", settings.port, in_range(1, 65535));
//   in.finish();
class SettingsReader {
public:
  SettingsReader(std::string file, YAML::Node node, std::string path, std::vector<std::string>& problems);

  template <class T>
  void read(const std::string& key, T& into) {
    if (const YAML::Node value = find(key); value) convert(key, value, into);
  }
  template <class T>
  void read_number(const std::string& key, T& into, T least, T most) {
    // Read wide, so that 99999 for a port is out of range and not of the wrong kind.
    std::conditional_t<std::is_integral_v<T>, std::int64_t, T> number{};
    const YAML::Node value = find(key);
    if (!value || !convert(key, value, number)) return;
    if (number < least || number > most) {
      complain(value, key,
               std::to_string(number) + " is not in " + std::to_string(least) + "…" + std::to_string(most));
    } else {
      into = static_cast<T>(number);
    }
  }
  template <class T>
  void require(const std::string& key, T& into) {
    if (const YAML::Node value = find(key); value) {
      convert(key, value, into);
    } else {
      complain(node_, key, "is missing");
    }
  }
  // A mapping inside; a reader over an empty mapping when it is absent.
  SettingsReader section(const std::string& key);
  // Runs `each` with a reader for every mapping of a list.
  void list(const std::string& key, const std::function<void(SettingsReader&)>& each);
  // The first line of the named file, for secrets: `password_file`. A missing or empty file is a problem.
  void read_secret_file(const std::string& key, std::string& into);
  void complain(const std::string& key, const std::string& what) { complain(node_, key, what); }
  // Unknown keys become problems.
  void finish();

private:
  YAML::Node find(const std::string& key);
  void complain(const YAML::Node& at, const std::string& key, const std::string& what);
  template <class T>
  bool convert(const std::string& key, const YAML::Node& value, T& into) {
    try {
      into = value.as<T>();
      return true;
    } catch (const YAML::Exception&) {
      complain(value, key, "has a value of the wrong kind");
      return false;
    }
  }

  std::string file_;
  YAML::Node node_;
  std::string path_;
  std::vector<std::string>& problems_;
  std::vector<std::string> known_;
};

// Loads `file` and hands its root mapping to `read`. A file that cannot be opened or parsed is one problem.
std::vector<std::string> read_settings(const std::string& file,
                                       const std::function<void(SettingsReader&)>& read);

}  // namespace cloister
