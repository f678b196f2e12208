// What participants and viewers of one meeting may do: a switch per right that can be switched. Kept by the
// focus, written by a host, shown to all in the focus's presence (property `policy`), where Prosody reads it
// too. A meeting begins with everything allowed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cloister::focus::rights {

enum class Switch : std::uint8_t {
  microphone,
  camera,
  screen,
  chat,
  private_chat,
  reactions,
  raise_hand,
  rename
};
inline constexpr std::array<std::string_view, 8> kSwitchNames{
    "microphone", "camera", "screen", "chat", "private_chat", "reactions", "raise_hand", "rename"};

class Policy {
public:
  constexpr bool allows(Switch what) const { return (off_ & bit(what)) == 0; }
  constexpr Policy& set(Switch what, bool allowed) {
    off_ = static_cast<std::uint8_t>(allowed ? off_ & ~bit(what) : off_ | bit(what));
    return *this;
  }
  friend constexpr bool operator==(const Policy&, const Policy&) = default;

private:
  static constexpr std::uint8_t bit(Switch what) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(what));
  }
  std::uint8_t off_ = 0;
};

// What is switched off, by name, separated by spaces; empty when nothing is.
std::string write_policy(const Policy& policy);
// Names that are none are passed over; what is not named is allowed.
Policy parse_policy(std::string_view text);
// A host's wish: switches by name, as our client writes them into the room's metadata. What is not named
// stays as it is in `before`.
Policy change(Policy before, const std::map<std::string, bool>& switches);

// The three that the host's page offers by name.
inline constexpr Policy kOpen{};
inline constexpr Policy kClassroom =
    Policy{}.set(Switch::screen, false).set(Switch::private_chat, false).set(Switch::rename, false);
inline constexpr Policy kConfidential = Policy{}.set(Switch::private_chat, false).set(Switch::rename, false);

}  // namespace cloister::focus::rights
