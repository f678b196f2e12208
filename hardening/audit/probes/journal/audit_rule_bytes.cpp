#include "audit/probes/journal/audit_rule_bytes.h"

#include <fmt/format.h>
#include <linux/audit.h>

#include <array>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/probes/journal/syscall_names.h"

namespace cloister::audit::probes {
namespace {

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 30> kFields{
    {
     {AUDIT_PID, "pid"}, {AUDIT_UID, "uid"},
     {AUDIT_EUID, "euid"}, {AUDIT_SUID, "suid"},
     {AUDIT_FSUID, "fsuid"}, {AUDIT_GID, "gid"},
     {AUDIT_EGID, "egid"}, {AUDIT_SGID, "sgid"},
     {AUDIT_FSGID, "fsgid"}, {AUDIT_LOGINUID, "auid"},
     {AUDIT_PERS, "pers"}, {AUDIT_MSGTYPE, "msgtype"},
     {AUDIT_PPID, "ppid"}, {AUDIT_SESSIONID, "sessionid"},
     {AUDIT_FSTYPE, "fstype"}, {AUDIT_DEVMAJOR, "devmajor"},
     {AUDIT_DEVMINOR, "devminor"}, {AUDIT_INODE, "inode"},
     {AUDIT_EXIT, "exit"}, {AUDIT_SUCCESS, "success"},
     {AUDIT_WATCH, "path"}, {AUDIT_DIR, "dir"},
     {AUDIT_FILETYPE, "filetype"}, {AUDIT_OBJ_UID, "obj_uid"},
     {AUDIT_OBJ_GID, "obj_gid"}, {AUDIT_EXE, "exe"},
     {AUDIT_FILTERKEY, "key"}, {AUDIT_ARG0, "a0"},
     {AUDIT_ARG1, "a1"}, {AUDIT_ARG2, "a2"},
     }
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kComparisons{
    {
     {},
     {"uid", "obj_uid"},
     {"gid", "obj_gid"},
     {"euid", "obj_uid"},
     {"egid", "obj_gid"},
     {"auid", "obj_uid"},
     {"suid", "obj_uid"},
     {"sgid", "obj_gid"},
     {"fsuid", "obj_uid"},
     {"fsgid", "obj_gid"},
     {"uid", "auid"},
     {"uid", "euid"},
     {"uid", "fsuid"},
     {"uid", "suid"},
     {"auid", "fsuid"},
     {"auid", "suid"},
     {"auid", "euid"},
     {"euid", "suid"},
     {"euid", "fsuid"},
     {"suid", "fsuid"},
     {"gid", "egid"},
     {"gid", "fsgid"},
     {"gid", "sgid"},
     {"egid", "fsgid"},
     {"egid", "sgid"},
     {"sgid", "fsgid"},
     }
};

std::string name_of(std::uint32_t field) {
  for (const auto& [number, name] : kFields)
    if (number == field) return std::string(name);
  return fmt::format("field{}", field);
}

const char* operation_of(std::uint32_t flags) {
  switch (flags & AUDIT_OPERATORS) {
    case AUDIT_EQUAL: return "=";
    case AUDIT_NOT_EQUAL: return "!=";
    case AUDIT_LESS_THAN: return "<";
    case AUDIT_GREATER_THAN: return ">";
    case AUDIT_LESS_THAN_OR_EQUAL: return "<=";
    case AUDIT_GREATER_THAN_OR_EQUAL: return ">=";
    case AUDIT_BIT_MASK: return "&";
    default: return "&=";
  }
}

bool is_string(std::uint32_t field) {
  return field == AUDIT_WATCH || field == AUDIT_DIR || field == AUDIT_FILTERKEY || field == AUDIT_EXE ||
         (field >= AUDIT_SUBJ_USER && field <= AUDIT_SUBJ_CLR) ||
         (field >= AUDIT_OBJ_USER && field <= AUDIT_OBJ_LEV_HIGH);
}

bool is_id(std::string_view name) { return name.ends_with("uid") || name.ends_with("gid"); }

std::string permissions_of(std::uint32_t value) {
  std::string text;
  if (value & AUDIT_PERM_READ) text += 'r';
  if (value & AUDIT_PERM_WRITE) text += 'w';
  if (value & AUDIT_PERM_EXEC) text += 'x';
  if (value & AUDIT_PERM_ATTR) text += 'a';
  return text;
}

std::string arch_of(std::uint32_t value) {
  return value == AUDIT_ARCH_X86_64 ? "b64" : value == AUDIT_ARCH_I386 ? "b32" : fmt::format("{:x}", value);
}

std::string list_of(std::uint32_t flags) {
  switch (flags & ~AUDIT_FILTER_PREPEND) {
    case AUDIT_FILTER_USER: return "user";
    case AUDIT_FILTER_TASK: return "task";
    case AUDIT_FILTER_EXIT: return "exit";
    case AUDIT_FILTER_EXCLUDE: return "exclude";
    case AUDIT_FILTER_FS: return "filesystem";
    case AUDIT_FILTER_URING_EXIT: return "io_uring";
    default: return fmt::format("list{}", flags);
  }
}

// One field with its value; `text` is its string when it has one.
std::string field_text(std::uint32_t field, std::uint32_t flags, std::uint32_t value, std::string_view text) {
  if (field == AUDIT_ARCH) return fmt::format(" -F arch={}", arch_of(value));
  if (field == AUDIT_PERM) return fmt::format(" -F perm={}", permissions_of(value));
  if (field == AUDIT_LOGINUID_SET) return fmt::format(" -F auid{}unset", value == 0 ? "=" : "!=");
  if (field == AUDIT_FIELD_COMPARE && value > 0 && value < kComparisons.size())
    return fmt::format(" -C {}{}{}", kComparisons[value].first, operation_of(flags),
                       kComparisons[value].second);
  const std::string name = name_of(field);
  if (is_string(field)) return fmt::format(" -F {}{}{}", name, operation_of(flags), text);
  if (is_id(name) && value == 0xffffffffU) return fmt::format(" -F {}{}unset", name, operation_of(flags));
  if (field == AUDIT_EXIT)
    return fmt::format(" -F exit{}{}", operation_of(flags), static_cast<std::int32_t>(value));
  return fmt::format(" -F {}{}{}", name, operation_of(flags), value);
}

std::string calls_text(const audit_rule_data& rule, std::string_view arch) {
  std::string text;
  bool all = true;
  for (unsigned word = 0; word < AUDIT_BITMASK_SIZE; ++word) {
    // the upper words stand for classes of calls, and are not always set for "all"
    if (word < AUDIT_BITMASK_SIZE - 1) all = all && rule.mask[word] == 0xffffffffU;
    for (unsigned bit = 0; bit < 32; ++bit)
      if ((rule.mask[word] >> bit & 1U) != 0)
        text += (text.empty() ? " -S " : ",") + syscall_name(arch, word * 32 + bit);
  }
  return all ? " -S all" : text;
}

}  // namespace

Result<std::string, AuditRuleError> parse_audit_rule_bytes(std::span<const std::byte> message) {
  audit_rule_data rule{};
  constexpr std::size_t kFixed = offsetof(audit_rule_data, buf);
  if (message.size() < kFixed) return fail(AuditRuleError::truncated);
  std::memcpy(&rule, message.data(), kFixed);
  if (rule.field_count > AUDIT_MAX_FIELDS) return fail(AuditRuleError::too_many_fields);
  const auto* strings = reinterpret_cast<const char*>(message.data()) + kFixed;
  std::string_view left(strings, message.size() - kFixed);

  std::string fields;
  std::string arch;
  for (std::uint32_t i = 0; i < rule.field_count; ++i) {
    std::string_view text;
    if (is_string(rule.fields[i])) {
      if (rule.values[i] > left.size()) return fail(AuditRuleError::string_overrun);
      text = left.substr(0, rule.values[i]);
      left.remove_prefix(rule.values[i]);
    }
    if (rule.fields[i] == AUDIT_ARCH) arch = arch_of(rule.values[i]);
    fields += field_text(rule.fields[i], rule.fieldflags[i], rule.values[i], text);
  }
  const char* action = rule.action == AUDIT_NEVER ? "never" : "always";
  return fmt::format("-a {},{}{}{}", action, list_of(rule.flags), calls_text(rule, arch), fields);
}

}  // namespace cloister::audit::probes
