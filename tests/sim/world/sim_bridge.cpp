#include "world/sim_bridge.h"

#include <fmt/core.h>

#include "base/assert.h"
#include "support/call/colibri_requests.h"
#include "videobridge/transport/ice/candidates.h"

namespace cloister::sim {

using videobridge::conference::WebSocketHandle;

namespace {

constexpr std::uint8_t kRelayPorts = 4;
constexpr const char* kWebSocketUrl = "wss://bridge.test/colibri-ws";

}  // namespace

SimBridge::SimBridge(support::SeededNetwork& network, const support::FakeClock& clock,
                     const std::string& relay_id)
    : clock_(clock),
      host_(network.add("bridge", pool_, *this, {.delay = 1ms})),
      outbox_(sockets_),
      peers_(drops_),
      candidates_(videobridge::transport::make_candidates(std::span(&host_.address(), 1), {})),
      settings_{.web_socket_url = kWebSocketUrl, .relay_id = relay_id},
      environment_{.outbox = outbox_,
                   .peers = peers_,
                   .transport_drops = drops_,
                   .certificates = certificates_,
                   .candidates = candidates_,
                   .settings = settings_,
                   .web_sockets = *this,
                   .counters = counters_,
                   .relay_ports = &relay_ports_},
      table_(environment_) {
  if (!relay_id.empty()) open_relay_ports(network);
}

void SimBridge::open_relay_ports(support::SeededNetwork& network) {
  std::vector<std::vector<videobridge::transport::Candidate>> ports;
  for (std::uint8_t number = 1; number <= kRelayPorts; ++number) {
    RelaySocket& socket = *relay_sockets_.emplace_back(std::make_unique<RelaySocket>());
    socket.bridge = this;
    socket.number = number;
    socket.host = &network.add("relay port", pool_, socket, {.delay = 1ms});
    ports.push_back(videobridge::transport::make_candidates(std::span(&socket.host->address(), 1), {}));
    for (auto& candidate : ports.back()) candidate.socket = number;
  }
  relay_ports_.set(std::move(ports));
}

void SimBridge::RelaySocket::on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) {
  for (net::Arrival& arrival : batch) arrival.from.socket = number;
  bridge->on_datagrams(batch, arrived);
}

void SimBridge::Sockets::send(std::span<const net::Datagram> batch) {
  for (const net::Datagram& datagram : batch) {
    const std::size_t socket = datagram.to.socket;
    (socket == 0 ? bridge.host_ : *bridge.relay_sockets_[socket - 1]->host).send({&datagram, 1});
  }
}

void SimBridge::die() {
  dead_ = true;
  host_.up.loss = host_.down.loss = 1;
  for (const auto& socket : relay_sockets_) socket->host->up.loss = socket->host->down.loss = 1;
}

std::string SimBridge::drops() const {
  std::string out;
  const auto note = [&out](std::string_view name, std::uint64_t count) {
    if (count > 0) out += fmt::format(" {} {}", name, count);
  };
  for (std::size_t i = 0; i < static_cast<std::size_t>(videobridge::transport::Drop::count_); ++i) {
    const auto reason = static_cast<videobridge::transport::Drop>(i);
    note(name(reason), drops_.value(reason));
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(videobridge::conference::MessageDrop::count_); ++i) {
    const auto reason = static_cast<videobridge::conference::MessageDrop>(i);
    note(name(reason), counters_.message_drops.value(reason));
  }
  for (std::size_t i = 0; i < videobridge::media::kDropReasons; ++i)
    note(name_of(static_cast<videobridge::media::Drop>(i)), counters_.media_drops[i].value());
  return out;
}

ModifyResult SimBridge::modify(const xmpp::colibri2::ConferenceModify& request) {
  ModifyResult answer = table_.modify(request, clock_.now());
  settle();
  if (answer && !request.expire) ASSERT(answer->endpoints.size() == request.endpoints.size());
  return answer;
}

std::optional<WebSocketHandle> SimBridge::open(const std::string& url, Channel& channel) {
  const auto address = support::channel_address(url);
  if (!address || !table_.has_channel(*address)) return std::nullopt;
  const WebSocketHandle handle{next_handle_++};
  channels_[handle] = &channel;
  if (!table_.on_web_socket_open(*address, handle, clock_.now())) channels_.erase(handle);
  settle();
  return handle;
}

void SimBridge::send(WebSocketHandle handle, std::string_view text) {
  table_.on_web_socket_text(handle, text, clock_.now());
  settle();
}

void SimBridge::close(WebSocketHandle handle) {
  if (channels_.erase(handle) == 0) return;
  table_.on_web_socket_closed(handle);
  settle();
}

videobridge::conference::Endpoint& SimBridge::endpoint(const EndpointId& id, int meeting) {
  videobridge::conference::Conference* found = table_.find(MeetingId(fmt::format("meeting-{}", meeting)));
  ASSERT(found != nullptr);
  videobridge::conference::Endpoint* endpoint = found->find(id.expose());
  ASSERT(endpoint != nullptr);
  return *endpoint;
}

void SimBridge::deliver_texts() {
  for (const auto& [handle, text] : std::exchange(texts_, {}))
    if (const auto found = channels_.find(handle); found != channels_.end()) found->second->on_text(text);
}

void SimBridge::on_wakeup() {
  table_.on_wakeup(clock_.now());
  settle();
}

void SimBridge::on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) {
  for (net::Arrival& arrival : batch) table_.on_datagram(std::move(arrival.packet), arrival.from, arrived);
  settle();
}

void SimBridge::settle() {
  table_.on_batch_end(clock_.now());
  outbox_.flush();
}

void SimBridge::send_web_socket_text(WebSocketHandle handle, std::string text) {
  texts_.emplace_back(handle, std::move(text));
}

void SimBridge::close_web_socket(WebSocketHandle handle, std::uint16_t) {
  const auto found = channels_.find(handle);
  if (found == channels_.end()) return;
  Channel* const channel = found->second;
  channels_.erase(found);
  channel->on_closed();
}

}  // namespace cloister::sim
