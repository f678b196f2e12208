// Who has proven to be a host, and from which addresses it speaks (protocol/focus.md §2.3). A stock client
// signs in on a second connection, gets a session id there, and shows it on its guest connection; ours signs
// in directly. In memory only. Focus thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"
#include "xmpp/stanzas.h"

namespace cloister::focus::rights {

// The bare address of a host's account.
using Account = xmpp::Jid;

class HostSessions {
public:
  struct Settings {
    std::string host_domain;     // who has an address there has signed in
    Duration life = 24h;         // since it was last shown
    std::size_t most = 100'000;  // then the one that was idle longest makes room
  };
  struct Identity {
    Account account;
    Personal<std::string> session_id;
  };
  // Nobody in particular (a guest), or who it is.
  using Answer = Result<std::optional<Identity>, xmpp::StanzaError>;

  HostSessions(Settings settings, const Clock& clock);

  // Who asks. `from` is the real full address; absent over HTTP, where only a session id proves anything.
  Answer identify(const xmpp::ConferenceRequest& request, const std::optional<xmpp::Jid>& from);
  // Whether there was such a session.
  bool end(const Personal<std::string>& session_id);
  std::size_t size() const { return sessions_.size(); }

private:
  struct Session {
    Account account;
    Personal<std::string> machine_uid;
    TimePoint last_shown{};
  };
  using Sessions = std::unordered_map<Personal<std::string>, Session>;

  Answer resume(const xmpp::ConferenceRequest& request);
  Answer begin(const Account& account, const Personal<std::string>& machine_uid);
  void forget_idle(TimePoint now);
  void make_room();

  const Settings settings_;
  const Clock& clock_;
  Sessions sessions_;
};

}  // namespace cloister::focus::rights
