#include "cli/completion/completion.h"

#include <fmt/core.h>

#include <iostream>

namespace cloister::cli::completion {
namespace {

// The words that may follow `command`: its commands and options.
std::string words_of(const CLI::App& command) {
  std::string out;
  const auto add = [&out](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
  for (const CLI::App* one : command.get_subcommands({})) add(one->get_name());
  for (const CLI::Option* one : command.get_options())
    for (const std::string& name : one->get_lnames()) add("--" + name);
  return out;
}

void add_cases(const CLI::App& command, const std::string& path, std::string& to) {
  to += fmt::format("    '{}') words='{}' ;;\n", path, words_of(command));
  for (const CLI::App* one : command.get_subcommands({})) add_cases(*one, path + "/" + one->get_name(), to);
}

// All paths of commands, so that other words (names, files) are not taken for commands.
void add_paths(const CLI::App& command, const std::string& path, std::string& to) {
  for (const CLI::App* one : command.get_subcommands({})) {
    to += (to.empty() ? "" : "|") + path + "/" + one->get_name();
    add_paths(*one, path + "/" + one->get_name(), to);
  }
}

}  // namespace

std::string bash_script(const CLI::App& cloister) {
  std::string paths, cases;
  add_paths(cloister, "", paths);
  add_cases(cloister, "", cases);
  return fmt::format(
      R"(# bash completion of cloister, written by: cloister completion bash
_cloister() {{
  local path='' words='' word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$path/$word" in
    {}) path="$path/$word" ;;
    esac
  done
  case "$path" in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _cloister cloister
)",
      paths, cases);
}

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  CLI::App* const group = cloister.add_subcommand("completion", "Prints what completes this command's line");
  group->require_subcommand(1);
  group->add_subcommand("bash", "For bash: cloister completion bash > /etc/bash_completion.d/cloister")
      ->callback([&cloister, &chosen] {
        chosen = [&cloister] {
          std::cout << bash_script(cloister);
          return 0;
        };
      });
}

}  // namespace cloister::cli::completion
