// An XMPP session without a server: records what is asked and published, and lets the test answer and
// deliver.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "xmpp/session.h"

namespace cloister::support {

class FakeSession final : public xmpp::Session {
public:
  struct Asked {
    xmpp::Jid to;
    xmpp::IqRequest request;
    std::function<void(Answer)> done;
  };
  struct Said {
    xmpp::Jid from;
    xmpp::Jid to;
    xmpp::JsonMessage content;
  };
  struct Refused {
    xmpp::Jid whom;
    xmpp::StanzaError error;
  };
  struct Published {
    xmpp::Jid occupant;
    xmpp::MucSelfPresence content;
    bool join = false;
  };

  void start(Listener& to) override { listener = &to; }
  void stop() override { listener = nullptr; }
  bool online() const override { return online_; }
  const xmpp::Jid& jid() const override { return jid_; }
  void ask(const xmpp::Jid& to, xmpp::IqRequest request, std::function<void(Answer)> done,
           Duration) override {
    asked.push_back({to, std::move(request), std::move(done)});
  }
  void send_join(const xmpp::Jid& occupant, const xmpp::MucSelfPresence& content,
                 const std::optional<Personal<std::string>>&) override {
    published.push_back({occupant, content, true});
  }
  void send_presence(const xmpp::Jid& occupant, const xmpp::MucSelfPresence& content) override {
    published.push_back({occupant, content, false});
  }
  void send_leave(const xmpp::Jid& occupant) override { left.push_back(occupant); }

  void send_json(const xmpp::Jid& from, const xmpp::Jid& to, const xmpp::JsonMessage& content) override {
    said.push_back({from, to, content});
  }
  void refuse(const xmpp::ServiceMessage& message, const xmpp::StanzaError& error) override {
    refused.push_back({message.from, error});
  }

  // The room lets us in.
  void admit(const xmpp::Jid& occupant) {
    router().deliver(xmpp::MucPresence{.occupant = occupant,
                                       .nick = EndpointId(std::string(occupant.resource())),
                                       .affiliation = xmpp::Affiliation::owner,
                                       .role = xmpp::Role::moderator,
                                       .status = {110}});
  }
  // Delivers a request and gives what was answered, nothing when it is still open.
  using Reply = Result<xmpp::IqAnswer, xmpp::StanzaError>;
  std::shared_ptr<std::vector<Reply>> request(const xmpp::Jid& from, xmpp::IqRequest payload) {
    auto replies = std::make_shared<std::vector<Reply>>();
    const xmpp::IqType type = xmpp::usual_iq_type(payload);
    router().deliver({.from = from, .to = jid_, .type = type, .payload = std::move(payload)},
                     xmpp::Responder([replies](const Reply& reply) { replies->push_back(reply); }));
    return replies;
  }

  Listener* listener = nullptr;
  std::vector<Asked> asked;
  std::vector<Published> published;
  std::vector<xmpp::Jid> left;
  std::vector<Said> said;
  std::vector<Refused> refused;

private:
  bool online_ = true;
  xmpp::Jid jid_ = xmpp::Jid::parse("user@auth.d/resource").value();
};

}  // namespace cloister::support
