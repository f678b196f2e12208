// The ways between the bridges of one conference: one relay for each pair, and behind it a mirror of the
// other bridge's participants (protocol/focus.md §5.5). Makes requests in the order in which they must be
// sent; whom they go to is asked through the port. Focus thread; owned by Calls.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "focus/room/call.h"
#include "focus/room/conference_identity.h"
#include "xmpp/colibri2.h"

namespace cloister::focus::room {

class Relays {
public:
  using Request = xmpp::colibri2::ConferenceModify;
  using Sources = std::vector<xmpp::colibri2::MediaSource>;

  struct Port {
    virtual ~Port() = default;
    // `bridge` as given to add(). The answer comes to on_answer(), not from inside this call.
    virtual RequestId ask(const std::string& bridge, const Request& request) = 0;
  };

  // The arguments outlive it.
  Relays(const ConferenceIdentity& conference, Port& port) : conference_(conference), port_(port) {}

  // The conference was made on this bridge, known to others by its relay id. `media`: all that may be
  // relayed.
  void add(const std::string& bridge, const std::vector<xmpp::colibri2::Media>& media);
  // It is not part of the conference any more. Nothing is asked of it.
  void remove(const std::string& bridge);
  // A participant came, or its sources changed: the whole set.
  void set(const std::string& bridge, const EndpointId& endpoint, Sources sources);
  void expire(const std::string& bridge, const EndpointId& endpoint);

  void on_answer(const std::string& bridge, RequestId request,
                 const xmpp::colibri2::ConferenceModified& answer);

private:
  // A relay that is being made, on one of its sides.
  struct Half {
    RequestId request = 0;
    std::optional<xmpp::colibri2::Transport> offered{};  // as answered
  };
  struct Bridge {
    std::map<EndpointId, Sources> members{};
    std::map<std::string, Half> halves{};  // by the other bridge, until both have answered
  };

  void create(const std::string& on, const std::string& far, bool begins,
              const std::vector<xmpp::colibri2::Media>& media);
  RequestId tell(const std::string& bridge, xmpp::colibri2::Relay relay);
  void mirror(const std::string& from, const xmpp::colibri2::Endpoint& change);
  void exchange(const std::string& initiator, const std::string& other);

  const ConferenceIdentity& conference_;
  Port& port_;
  std::map<std::string, Bridge> bridges_;
  std::vector<std::string> order_;  // who came before is the initiator
};

}  // namespace cloister::focus::room
