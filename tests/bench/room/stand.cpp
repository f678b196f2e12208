#include "room/stand.h"

#include <fmt/core.h>
#include <openssl/ssl.h>
#include <pthread.h>

#include "base/assert.h"
#include "base/random.h"
#include "support/run_until.h"
#include "videobridge/conference/colibri/transport_description.h"

namespace cloister::bench {
namespace {

Ssrc random_ssrc() { return Ssrc{random_u32() | 1U}; }

std::shared_ptr<const videobridge::transport::Certificate> certificate(SrtpChoice srtp) {
  auto out = videobridge::transport::Certificate::generate();
  // The client's offer leaves the bridge no choice.
  if (srtp == SrtpChoice::cm_sha1_80)
    ASSERT(SSL_CTX_set_tlsext_use_srtp(out->context(), "SRTP_AES128_CM_SHA1_80") == 0);
  return out;
}

}  // namespace

Seat::Seat(const load::Ground& ground, const Part& part, std::size_t number) : part_(part) {
  as_.meeting = MeetingId("room-" + std::to_string(part.room));
  as_.endpoint = EndpointId("p" + std::to_string(number));
  if (part.talks) as_.audio = random_ssrc();
  for (int i = 0; i < part.layers; ++i) as_.video.push_back({random_ssrc(), random_ssrc()});
  auto media = load::Media::make(ground,
                                 {.audio = as_.audio,
                                  .video = as_.video,
                                  .extensions = support::extensions(as_.feedback),
                                  .data_channel = false},
                                 *this);
  ASSERT(media);
  media_ = std::move(*media);
  media_->limit_height(part.height);
}

void Seat::connect(const xmpp::IceUdpTransport& bridge, TimePoint now) {
  auto remote = videobridge::conference::to_remote(bridge);
  remote.setup = videobridge::transport::Setup::passive;
  began_ = now;
  media_->set_remote(remote, now);
}

void Seat::on_media_connected() {
  connected_ = SteadyClock().now();
  watch(others_);
}

// From now on it counts how long the first picture takes.
void Seat::watch(const std::map<EndpointId, sim::OtherSources>& sources) {
  others_ = sources;
  others_.erase(as_.endpoint);
  if (is_connected()) media_->reception().watch(others_, SteadyClock().now());
}

std::string Seat::constraints() const {
  return fmt::format(R"({{"colibriClass":"ReceiverVideoConstraints","lastN":{},)"
                     R"("defaultConstraints":{{"maxHeight":{}}}}})",
                     part_.last_n, part_.height);
}

Stand::Stand(const Place& place, BridgeProcess& bridge, SrtpChoice srtp)
    : bridge_(bridge),
      ground_{.reactor = reactor_,
              .pool = pool_,
              .certificate = certificate(srtp),
              .ip = SocketAddress::parse(place.ip, 0).value()} {
  std::promise<void> placed;
  thread_ = std::thread([this, &place, &placed] {
    pthread_setname_np(pthread_self(), "load");
    move_to(place);
    placed.set_value();
    tick();
    reactor_.run();
  });
  placed.get_future().wait();
}

Stand::~Stand() {
  call([this] {
    timer_.cancel();
    seats_.clear();
  });
  reactor_.stop();
  thread_.join();
}

void Stand::tick() {
  for (const auto& seat : seats_) seat->media().tick(SteadyClock().now());
  timer_.start(kTick, [this] { tick(); });
}

Seat& Stand::invite(const Part& part) {
  const bool first = sources_.find(part.room) == sources_.end();
  Seat* seat = nullptr;
  call([&] {
    seats_.push_back(std::make_unique<Seat>(ground_, part, seats_.size()));
    seat = seats_.back().get();
  });
  room_of_.push_back(part.room);
  const support::Participant& as = seat->as();
  const auto offer = bridge_.ask(
      support::create_endpoint(as, first ? support::CreateConference::yes : support::CreateConference::no));
  const xmpp::IceUdpTransport transport = offer.endpoints.front().transport->ice.value();
  bridge_.ask(support::accept(as, seat->media().local()));
  seat->channel_url = transport.web_sockets.at(0).expose();
  bridge_.tell(seat->channel_url, seat->constraints());
  offers_[seat] = transport;
  sim::OtherSources own{.audio = as.audio.value_or(Ssrc{})};
  if (!as.video.empty()) {
    own.video = as.video.front().ssrc;
    own.video_rtx = as.video.front().rtx.value_or(Ssrc{});
  }
  auto& room = sources_[part.room];
  if (part.talks || part.layers > 0) room[as.endpoint] = own;
  return *seat;
}

// Tells all who sends in their room.
void Stand::introduce() {
  call([this] {
    for (std::size_t i = 0; i < seats_.size(); ++i) seats_[i]->watch(sources_[room_of_[i]]);
  });
}

void Stand::invite_all(const std::vector<Part>& parts) {
  for (const Part& part : parts) invite(part);
  introduce();
}

bool Stand::connect_all() {
  const std::size_t from = connected_;
  connected_ = seats_.size();
  call([&] {
    for (std::size_t i = from; i < seats_.size(); ++i)
      seats_[i]->connect(offers_[seats_[i].get()], SteadyClock().now());
  });
  return wait_until_connected(from);
}

bool Stand::seat(const std::vector<Part>& parts, Together together) {
  if (together == Together::yes) {
    invite_all(parts);
    return connect_all();
  }
  for (const Part& part : parts) {
    invite_all({part});
    if (!connect_all()) return false;
  }
  return true;
}

bool Stand::wait_until_connected(std::size_t from) {
  net::Reactor reactor;
  return support::run_until(
      reactor,
      [&] {
        return call([&] {
          for (std::size_t i = from; i < seats_.size(); ++i)
            if (!seats_[i]->is_connected()) return false;
          return true;
        });
      },
      20s);
}

}  // namespace cloister::bench
