#include "audit/probes/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "audit/probes/access/probes.h"
#include "audit/probes/files/probes.h"
#include "audit/probes/journal/probes.h"
#include "audit/probes/kernel/probes.h"
#include "audit/probes/network/probes.h"
#include "audit/probes/product/probes.h"
#include "audit/probes/software/probes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

// By name: one line for each probe.
constexpr std::array kProbes{
    ProbeEntry{"access",             observe_access,             "VALUES paths?"                                        },
    ProbeEntry{"accounts",           observe_accounts,           "VALUE"                                                },
    ProbeEntry{"aide",               observe_aide,               "VALUES"                                               },
    ProbeEntry{"apparmor",           observe_apparmor,           "VALUE"                                                },
    ProbeEntry{"apt",                observe_apt,                "VALUE setting?"                                       },
    ProbeEntry{"audit_files",        observe_audit_files,        "VALUE"                                                },
    ProbeEntry{"audit_rules",        observe_audit_rules,        "VALUE missing?"                                       },
    ProbeEntry{"banner",             observe_banner,             "path? paths? field?"                                  },
    ProbeEntry{"certificate",        observe_certificate,        "path?"                                                },
    ProbeEntry{"faillock",           observe_faillock,           "VALUE"                                                },
    ProbeEntry{"file",               observe_file,               "VALUE path field? follow?"                            },
    ProbeEntry{"file_lines",         observe_file_lines,         "path? paths? match comments?"                         },
    ProbeEntry{"filesystem_modules", observe_filesystem_modules, "VALUE"                                                },
    ProbeEntry{"find",               observe_find,               "VALUE"                                                },
    ProbeEntry{"homes",              observe_homes,              "VALUE"                                                },
    ProbeEntry{"hosts",              observe_hosts,              "VALUE path"                                           },
    ProbeEntry{"interfaces",         observe_interfaces,         "VALUE"                                                },
    ProbeEntry{"kernel_cmdline",     observe_kernel_cmdline,     "VALUE"                                                },
    ProbeEntry{"log_files",          observe_log_files,          "VALUE"                                                },
    ProbeEntry{"module",             observe_module,             "VALUE"                                                },
    ProbeEntry{"mount",              observe_mount,              "VALUE path field?"                                    },
    ProbeEntry{"nft",                observe_nft,                "VALUE query family?"                                  },
    ProbeEntry{"package",            observe_package,            "VALUES"                                               },
    ProbeEntry{"pam",                observe_pam,                "service module? type? argument?"                      },
    ProbeEntry{"passwords",          observe_passwords,          "VALUE"                                                },
    ProbeEntry{"privileged",         observe_privileged,         "VALUE"                                                },
    ProbeEntry{"processes",          observe_processes,          "VALUE"                                                },
    ProbeEntry{"pwquality",          observe_pwquality,          "VALUE"                                                },
    ProbeEntry{"sandbox",            observe_sandbox,            "VALUE"                                                },
    ProbeEntry{"setting",            observe_setting,            "path? paths? folder? section? key? keys? separator?"  },
    ProbeEntry{"shells",             observe_shells,             "VALUE"                                                },
    ProbeEntry{"sockets",            observe_sockets,            "VALUE scope? ports? process? family? without_rule_in?"},
    ProbeEntry{"sshd",               observe_sshd,               "VALUE"                                                },
    ProbeEntry{"sshd_files",         observe_sshd_files,         "VALUE"                                                },
    ProbeEntry{"sudo",               observe_sudo,               "VALUE"                                                },
    ProbeEntry{"sysctl",             observe_sysctl,             "VALUE"                                                },
    ProbeEntry{"unit",               observe_unit,               "VALUES units field?"                                  },
    ProbeEntry{"unit_setting",       observe_unit_setting,       "unit key list?"                                       },
    ProbeEntry{"web",                observe_web,                "VALUE header?"                                        },
};

bool takes(std::string_view arguments, std::string_view name) {
  for (std::string_view word : words_of(arguments)) {
    if (word.ends_with('?')) word.remove_suffix(1);
    if (word == name) return true;
  }
  return false;
}

bool is_plain_form(std::string_view word) { return word == "VALUE" || word == "VALUES"; }

}  // namespace

std::span<const ProbeEntry> all_probes() { return kProbes; }

const ProbeEntry* find_probe(std::string_view name) {
  const auto found = std::ranges::find(kProbes, name, &ProbeEntry::name);
  return found != kProbes.end() ? &*found : nullptr;
}

std::optional<std::string> find_fault(const ProbeEntry& probe, const model::ProbeArguments& given) {
  const auto forms = words_of(probe.arguments);
  if (!given.values.empty()) {
    if (takes(probe.arguments, "VALUES")) return std::nullopt;
    if (!takes(probe.arguments, "VALUE")) return fmt::format("{} takes named arguments", probe.name);
    if (given.values.size() > 1) return fmt::format("{} takes one value", probe.name);
    return std::nullopt;
  }
  for (const auto& [name, values] : given.named)
    if (is_plain_form(name) || !takes(probe.arguments, name))
      return fmt::format("{} has no argument {}", probe.name, name);
  const bool only_plain = std::ranges::all_of(forms, is_plain_form);
  if (only_plain && !forms.empty()) return fmt::format("{} takes a plain value", probe.name);
  for (const std::string_view word : forms)
    if (!is_plain_form(word) && !word.ends_with('?') && !given.has(word))
      return fmt::format("{} needs {}", probe.name, word);
  return std::nullopt;
}

}  // namespace cloister::audit::probes
