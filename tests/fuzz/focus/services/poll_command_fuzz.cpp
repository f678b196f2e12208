// A poll, or an answer to one, as any client may write it; what is read keeps to the bounds.
#include "base/assert.h"
#include "focus/services/polls.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::focus::services;
  const auto command = parse_poll_command({reinterpret_cast<const char*>(data), size});
  if (!command) return 0;
  const std::size_t answers = command->is_new ? command->options.size() : command->choice.size();
  ASSERT(answers > 0 && answers <= Polls::kMostOptions);
  ASSERT(!command->id.expose().empty() && command->id.expose().size() <= Polls::kLongestId);
  ASSERT(command->question.expose().size() <= 4 * Polls::kLongestText);
  return 0;
}
