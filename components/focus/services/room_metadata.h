// What a room's clients share beside presence: values by key, written by those who lead, told to everybody
// as a whole after each change (protocol/focus.md §1.6, §7.5). Two keys mean something to the server:
// `startMuted`, and `policy`, the meeting's switches. One room's; focus thread. Values in, decisions out.
#pragma once

#include <map>
#include <string>

#include "focus/room/muting.h"
#include "focus/services/answer.h"
#include "focus/services/roster.h"

namespace cloister::focus::services {

// One command, as parsed from JSON: {"key":"k","data":…}.
struct MetadataChange {
  std::string key{};
  Personal<std::string> data{};            // JSON text; empty: to be removed ("data" is null or absent)
  room::PerKind start_muted{};             // of key `startMuted`
  std::map<std::string, bool> switches{};  // of key `policy`
};

// Nothing for what is not such an object, for a key that is none ([A-Za-z0-9_.-], up to 64), and for data
// that is too long or has another shape than the key asks for.
std::optional<MetadataChange> parse_metadata_change(std::string_view text);

class RoomMetadata {
public:
  static constexpr std::size_t kLongestData = 4096;  // bytes, of one key
  static constexpr std::size_t kMostKeys = 32;

  struct Port {
    virtual ~Port() = default;
    // The whole has changed.
    virtual void on_metadata(const RoomMetadata& metadata) = 0;
    virtual void on_start_muted(const room::PerKind& kinds) = 0;
    // A host's wish, which the room keeps.
    virtual Answer change_policy(const Person& by, const std::map<std::string, bool>& switches) = 0;
    virtual rights::Policy policy() const = 0;
  };
  explicit RoomMetadata(Port& port) : port_(port) {}

  // Refused: bad-request (unreadable), forbidden (no right to this key), not-allowed (a key of the server),
  // resource-constraint (too many keys).
  Answer on_command(const Person& from, std::string_view text);
  // By AV moderation: newcomers start with this kind muted, until it is taken back.
  void on_moderated(xmpp::Mute::What what, bool enabled);

  // {"key":…,…}
  Personal<std::string> text() const;
  room::PerKind start_muted() const;

private:
  Answer put(const Person& from, const MetadataChange& change);

  Port& port_;
  std::map<std::string, Personal<std::string>> values_;  // JSON text by key
  room::PerKind wished_muted_{};
  room::PerKind moderated_{};
};

}  // namespace cloister::focus::services
