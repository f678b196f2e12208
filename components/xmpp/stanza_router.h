// Where incoming stanzas go: a table of payload type → handler and room → handler, one per session. Reactor
// thread.
//
// Every IQ of type get or set is answered exactly once: by its handler through the Responder, else by the
// router (no handler: service-unavailable; readable payload with a wrong shape: bad-request; wrong type:
// bad-request).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

#include "base/result.h"
#include "xmpp/service_messages.h"
#include "xmpp/stanzas.h"

namespace cloister::xmpp {

// The duty to answer one IQ. May be kept and answered later, also after the handler returned; when it dies
// unanswered, internal-server-error is sent. Answers after the stream was lost go nowhere. Move only.
class Responder {
public:
  using Send = std::function<void(const Result<IqAnswer, StanzaError>&)>;
  explicit Responder(Send send) : send_(std::move(send)) {}
  ~Responder();
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;

  // The first of these counts; a second is a broken rule of ours.
  void reply(const IqAnswer& answer = Empty{});
  void fail(StanzaError error);
  bool answered() const { return !send_; }

private:
  Send send_;
};

// A request with its envelope.
template <class Request>
struct Iq {
  Jid from{};
  Jid to{};
  IqType type = IqType::set;
  Request payload;
};

class StanzaRouter {
public:
  // `Request` is one of IqRequest's alternatives. A later registration replaces an earlier one.
  template <class Request>
  void on_iq(std::function<void(Iq<Request>, Responder)> handler) {
    handlers_[index_of<Request>()] = [handler = std::move(handler)](Iq<IqRequest>&& iq, Responder responder) {
      handler({std::move(iq.from), std::move(iq.to), iq.type, std::get<Request>(std::move(iq.payload))},
              std::move(responder));
    };
  }
  // Every presence from this room (bare address), until forget_room(); both may be called from within a
  // handler.
  void on_room(const Jid& room, std::function<void(const MucPresence&)> handler);
  void forget_room(const Jid& room);

  // Every message of a service; other messages are dropped. A later registration replaces an earlier one.
  void on_service_message(std::function<void(const ServiceMessage&)> handler) {
    service_ = std::move(handler);
  }

  // For the session, and for tests of handlers: deliver one stanza.
  void deliver(Iq<IqRequest> iq, Responder responder);
  void deliver(const MucPresence& presence);
  void deliver(const ServiceMessage& message);

private:
  using IqHandler = std::function<void(Iq<IqRequest>&&, Responder)>;
  template <class Request>
  static constexpr std::size_t index_of() {
    constexpr std::size_t kIndex =
        find_index<Request>(std::make_index_sequence<std::variant_size_v<IqRequest>>{});
    static_assert(kIndex < std::variant_size_v<IqRequest>, "not a request that we know");
    return kIndex;
  }
  template <class Request, std::size_t... I>
  static constexpr std::size_t find_index(std::index_sequence<I...>) {
    std::size_t found = sizeof...(I);
    ((std::is_same_v<std::variant_alternative_t<I, IqRequest>, Request> ? static_cast<void>(found = I)
                                                                        : void()),
     ...);
    return found;
  }

  std::array<IqHandler, std::variant_size_v<IqRequest>> handlers_;
  std::function<void(const ServiceMessage&)> service_;
  std::unordered_map<Jid, std::shared_ptr<const std::function<void(const MucPresence&)>>> rooms_;
};

}  // namespace cloister::xmpp
