#include "world/sim_focus.h"

#include "base/assert.h"

namespace cloister::sim {
namespace {

using xmpp::jingle::Jingle;

xmpp::Jid jid(const std::string& text) { return xmpp::Jid::parse(text).value(); }

xmpp::Jid bridge_jid(std::size_t number) {
  return jid("jvbbrewery@internal.auth.test/bridge-" + std::to_string(number));
}

std::size_t number_of(const xmpp::Jid& bridge) {
  return static_cast<std::size_t>(bridge.resource().back() - '0');
}

std::string region(std::size_t bridge) { return "region-" + std::to_string(bridge); }

// Everybody is near one bridge, and goes there.
focus::bridges::BridgeSettings bridge_settings(Spread spread) {
  focus::bridges::BridgeSettings settings;
  if (spread == Spread::by_world) return settings;
  settings.selection.strategy = focus::bridges::Strategy::region_based;
  settings.selection.several_bridges = true;
  return settings;
}

xmpp::DiscoInfo describe(const SimFocus::Client& client) {
  xmpp::DiscoInfo info;
  info.features = {"urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video", "urn:ietf:rfc:4588",
                   "http://jitsi.org/tcc", "http://jitsi.org/json-encoded-sources"};
  if (client.uses_data_channel()) info.features.emplace_back("urn:xmpp:jingle:transports:dtls-sctp:1");
  return info;
}

}  // namespace

// One room and who is in it. Everything that the room says goes through the mailbox; a mail that comes after
// the room's end is gone.
class SimFocus::Host final : public focus::room::Room::Port, public std::enable_shared_from_this<Host> {
public:
  Host(SimFocus& focus, const std::string& name)
      : focus_(focus),
        name_(name),
        room_({.settings = focus.settings_,
               .bridges = focus.bridges_,
               .features = focus.features_,
               .clock = focus.clock_,
               .counters = focus.counters_,
               .caps = {}},
              jid(name + "@conference.test"), jid("focus@auth.test/focus"), {}, *this) {}

  focus::room::Room& room() { return room_; }

  void join(Client& client) {
    clients_[client.id()] = &client;
    room_.on_occupant(presence(client.id()));
  }
  void leave(const EndpointId& client) {
    clients_.erase(client);
    xmpp::MucPresence gone = presence(client);
    gone.available = false;
    room_.on_occupant(gone);
  }
  void cut_off(const EndpointId& client) { clients_.erase(client); }

  void discover(const EndpointId& client, focus::room::RequestId request) override {
    post([client, request](Host& host) {
      const auto found = host.clients_.find(client);
      if (found == host.clients_.end()) return host.room_.on_discovered(client, request, nullptr);
      const xmpp::DiscoInfo info = describe(*found->second);
      host.room_.on_discovered(client, request, &info);
    });
  }
  void send(const EndpointId& client, const Jingle& message) override {
    post([client, message](Host& host) {
      const auto found = host.clients_.find(client);
      if (found == host.clients_.end()) return;
      const auto reply = found->second->on_jingle(message);
      if (reply) ASSERT(host.room_.calls().on_jingle(client, *reply));
    });
  }
  void modify(const xmpp::Jid& bridge, const xmpp::colibri2::ConferenceModify& modify,
              focus::room::RequestId request) override {
    post([number = number_of(bridge), modify, request](Host& host) {
      SimMesh& mesh = host.focus_.mesh_;
      const auto answer = host.focus_.spread_ == Spread::by_focus ? mesh.modify(number, modify)
                                                                  : std::optional(mesh.modify(modify));
      if (answer) host.room_.calls().on_bridge_answer(request, *answer);
    });
  }
  void publish(const xmpp::MucSelfPresence&) override {}
  void grant_owner(const EndpointId& member, const xmpp::Jid&) override {
    post([member](Host& host) {
      xmpp::MucPresence owner = host.presence(member);
      owner.affiliation = xmpp::Affiliation::owner;
      owner.role = xmpp::Role::moderator;
      if (host.clients_.contains(member)) host.room_.on_occupant(owner);
    });
  }
  void send_mute(const EndpointId&, const xmpp::Mute&) override {}
  void on_over() override {
    post([](Host& host) { host.focus_.rooms_.erase(host.name_); });
  }

  void post(std::function<void(Host&)> mail) {
    focus_.mail_.push_back([weak = weak_from_this(), mail = std::move(mail)] {
      if (const auto self = weak.lock()) mail(*self);
    });
  }

private:
  xmpp::MucPresence presence(const EndpointId& client) const {
    return {.occupant = jid(name_ + "@conference.test/" + client.expose()),
            .nick = client,
            .real_jid = jid(client.expose() + "@guest.test/tab"),
            .role = xmpp::Role::participant,
            .region = region(focus_.mesh_.place_of(client))};
  }

  SimFocus& focus_;
  const std::string name_;
  std::map<EndpointId, Client*> clients_;
  focus::room::Room room_;
};

SimFocus::SimFocus(SimMesh& bridges, Spread spread, const support::FakeClock& clock)
    : mesh_(bridges), spread_(spread), clock_(clock), bridges_(clock, *this, bridge_settings(spread)) {
  const std::size_t known = spread == Spread::by_focus ? mesh_.size() : 1;
  for (std::size_t i = 0; i < known; ++i)
    bridges_.on_presence({
        .occupant = bridge_jid(i),
        .nick = EndpointId("bridge-" + std::to_string(i)),
        .stats = {{"drain", "false"}, {"region", region(i)}, {"relay_id", mesh_.relay_id(i)}}
    });
}

void SimFocus::lose_bridge(std::size_t bridge) {
  bridges_.on_presence({.occupant = bridge_jid(bridge), .available = false});
}

void SimFocus::on_bridge_lost(const xmpp::Jid& bridge) {
  for (const auto& [name, host] : rooms_) host->room().calls().on_bridge_lost(bridge);
}

SimFocus::~SimFocus() = default;

focus::room::Room& SimFocus::room(const std::string& name) { return rooms_.at(name)->room(); }

void SimFocus::join(const std::string& room, Client& client) {
  auto& host = rooms_[room];
  if (!host) {
    host = std::make_shared<Host>(*this, room);
    host->post([meeting = MeetingId("meeting-" + std::to_string(++meetings_))](Host& opened) {
      opened.room().on_joined(meeting);
    });
  }
  host->post([&client](Host& opened) { opened.join(client); });
}

void SimFocus::leave(const std::string& room, Client& client) {
  deliver();  // whoever leaves has been there
  if (const auto found = rooms_.find(room); found != rooms_.end()) found->second->leave(client.id());
}

void SimFocus::cut_off(const std::string& room, Client& client) {
  deliver();
  if (const auto found = rooms_.find(room); found != rooms_.end()) found->second->cut_off(client.id());
}

void SimFocus::deliver() {
  while (!mail_.empty()) {
    const auto mail = std::move(mail_.front());
    mail_.pop_front();
    mail();
  }
}

std::optional<TimePoint> SimFocus::next_wakeup() const {
  if (has_mail()) return clock_.now();
  std::optional<TimePoint> next = bridges_.next_wakeup();
  for (const auto& [name, host] : rooms_) next = earlier(next, host->room().next_wakeup());
  return next;
}

void SimFocus::on_wakeup() {
  deliver();
  if (const auto due = bridges_.next_wakeup(); due && *due <= clock_.now()) bridges_.on_wakeup();
  for (const auto& [name, host] : rooms_)
    if (const auto due = host->room().next_wakeup(); due && *due <= clock_.now()) host->room().on_wakeup();
  deliver();
}

void SimFocus::check_health(const xmpp::Jid& bridge) {
  mail_.push_back([this, bridge] { bridges_.on_health(bridge, focus::bridges::Health::good); });
}

}  // namespace cloister::sim
