// What people type as password and as recovery code. (SASLprep applied twice is not asked to change nothing:
// for a few sequences, of Unicode's PR 29, it does.)
#include "gate/secrets/password.h"
#include "gate/secrets/recovery_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::gate::secrets;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto code = spell_recovery_code(text))
    if (spell_recovery_code(code->expose()) != code) __builtin_trap();
  const auto password = spell_password(text);
  if (password && (password->expose().empty() || password->expose().find('\0') != std::string::npos))
    __builtin_trap();
  return 0;
}
