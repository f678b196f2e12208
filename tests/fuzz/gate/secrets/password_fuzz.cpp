// What people type as password and as recovery code: spelling it twice changes nothing more.
#include "gate/secrets/password.h"
#include "gate/secrets/recovery_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::gate::secrets;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto code = spell_recovery_code(text))
    if (spell_recovery_code(code->expose()) != code) __builtin_trap();
  const auto once = spell_password(text);
  if (!once || once->expose().size() > kMostPasswordBytes) return 0;
  const auto twice = spell_password(once->expose());
  if (twice && *twice != *once) __builtin_trap();
  return 0;
}
