// A room for stories about calls: bridge and clients answer when the test says so.
#pragma once

#include "unit/focus/room/room_fixture.h"

namespace cloister::focus::room {

inline std::vector<std::string> names(const std::vector<xmpp::PayloadType>& types) {
  std::vector<std::string> all;
  for (const auto& type : types) all.push_back(type.name + "/" + std::to_string(type.id));
  return all;
}
inline std::vector<int> ids(const std::vector<xmpp::HeaderExtension>& extensions) {
  std::vector<int> all;
  for (const auto& extension : extensions) all.push_back(extension.id);
  return all;
}

class CallsTest : public RoomTest {
protected:
  // Everybody is in the room and described; the bridge has not answered.
  void allocating(std::vector<std::string> nicks) {
    bridge_comes();
    open();
    for (const std::string& nick : nicks) joins(nick);
    clients_describe_themselves();
    port.take();
  }
  jingle::Jingle with_session(jingle::Jingle message, std::optional<bool> restart = {},
                              std::string id = {}) const {
    if (id.empty()) id = offer_to("aa").bridge_session->id;
    message.bridge_session = {.id = std::move(id), .restart = restart};
    return message;
  }
};

}  // namespace cloister::focus::room
