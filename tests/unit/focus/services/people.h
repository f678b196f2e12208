// People for tests of services: who comes, and in which role.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "focus/services/answer.h"
#include "focus/services/roster.h"

namespace cloister::focus::services {

inline xmpp::Jid jid(const std::string& text) { return xmpp::Jid::parse(text).value(); }

inline xmpp::MucPresence presence(const std::string& nick, rights::Role role,
                                  const std::string& room = "r@conference.d") {
  using rights::Role;
  xmpp::MucPresence presence{
      .occupant = jid(room + "/" + nick), .nick = EndpointId(nick), .real_jid = jid(nick + "@guest.d/tab")};
  presence.affiliation = role == Role::host      ? xmpp::Affiliation::owner
                         : role == Role::co_host ? xmpp::Affiliation::admin
                                                 : xmpp::Affiliation::none;
  presence.role = rights::leads(role)    ? xmpp::Role::moderator
                  : role == Role::viewer ? xmpp::Role::visitor
                                         : xmpp::Role::participant;
  presence.display_name = Personal<std::string>("Name of " + nick);
  return presence;
}

inline xmpp::MucPresence absence(const std::string& nick, const std::string& room = "r@conference.d") {
  xmpp::MucPresence gone = presence(nick, rights::Role::participant, room);
  gone.available = false;
  return gone;
}

#define EXPECT_REFUSED(answer, why)    \
  do {                                 \
    const auto& refused = (answer);    \
    ASSERT_FALSE(refused);             \
    EXPECT_EQ(refused.error(), (why)); \
  } while (false)

}  // namespace cloister::focus::services
