#include "videobridge/shard/shard.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <unordered_set>

#include "base/assert.h"
#include "net/timer.h"
#include "videobridge/conference/conference_table.h"
#include "videobridge/shard/backlog.h"
#include "videobridge/shard/mailbox.h"
#include "videobridge/shard/read_rhythm.h"
#include "wire/demux.h"

namespace cloister::videobridge::shard {
namespace {

// What may wait for the other thread. The requests of a full brewery of conferences stay far below.
constexpr std::size_t kMailboxLimit = 65536;

bool may_wait(Bytes datagram) {
  const wire::PacketKind kind = wire::classify(datagram);
  return kind == wire::PacketKind::stun || kind == wire::PacketKind::dtls;
}

xmpp::StanzaError overloaded() {
  return {.condition = xmpp::ErrorCondition::internal_server_error,
          .text = "too many requests are waiting",
          .colibri = xmpp::colibri2::Error{}};
}

}  // namespace

class Shard::Impl final : net::UdpPort::Receiver, conference::WebSocketPort {
public:
  Impl(const ShardSettings& settings, net::Reactor& main, Listener& listener)
      : settings_(settings),
        conference_settings_(settings.conference),
        listener_(listener),
        to_main_(main, kMailboxLimit),
        to_shard_(reactor_, kMailboxLimit) {}

  std::error_code open();
  void start();
  void stop();

  // Main thread: runs `work` on the shard's.
  bool post(std::function<void(conference::ConferenceTable&)> work) {
    return to_shard_.post([this, work = std::move(work)] {
      work(*table_);
      settle();
    });
  }
  // Shard thread: runs `call` on the main one.
  void post_to_main(std::function<void()> call) { to_main_.post(std::move(call)); }

  void refuse_web_socket(conference::WebSocketHandle handle) {
    close_web_socket(handle, conference::kCloseExpired);
  }

  void track(const xmpp::colibri2::ConferenceModify& request) {
    if (request.create) meetings_.insert(request.meeting_id);
  }

  void configure(conference::ConferenceSettings settings, const transport::CandidateSettings& candidates) {
    settings.load_last_n = conference_settings_.load_last_n;
    conference_settings_ = std::move(settings);
    candidates_ = candidates_of_port(0, candidates);
    table_->on_settings_changed(clock_.now());
  }
  void limit_last_n(int last_n) {
    conference_settings_.load_last_n = last_n;
    table_->on_settings_changed(clock_.now());
  }

  const ShardCounters& counters() const { return counters_; }
  pid_t thread() const { return thread_id_.load(std::memory_order_relaxed); }
  const net::UdpPort& udp() const { return *udp_; }

private:
  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override;
  void send_web_socket_text(conference::WebSocketHandle handle, std::string text) override {
    post_to_main([this, handle, text = std::move(text)]() mutable {
      listener_.send_web_socket_text(handle, std::move(text));
    });
  }
  void close_web_socket(conference::WebSocketHandle handle, std::uint16_t code) override {
    post_to_main([this, handle, code] { listener_.close_web_socket(handle, code); });
  }
  std::vector<transport::Candidate> candidates_of_port(std::size_t port,
                                                       transport::CandidateSettings settings) const;
  void configure_candidates(const transport::CandidateSettings& settings);
  void work_off_backlog();
  void rest();
  void settle();
  void arm(TimePoint now);
  void on_timer();
  void report_ended();

  const ShardSettings settings_;
  conference::ConferenceSettings conference_settings_;  // as they are now
  Listener& listener_;
  net::Reactor reactor_;
  Mailbox to_main_;
  Mailbox to_shard_;
  ShardCounters counters_;
  net::PacketPool pool_;
  Backlog backlog_;
  bool comes_back_to_backlog_ = false;
  ReadRhythm rhythm_;
  bool comes_to_rest_ = false;
  std::unique_ptr<net::UdpPort> udp_;
  std::optional<net::Outbox> outbox_;
  std::vector<transport::Candidate> candidates_;
  conference::RelayPorts relay_ports_;
  std::optional<transport::PeerTable> peers_;
  transport::CertificateSource certificates_;
  std::optional<conference::ShardEnvironment> environment_;
  std::optional<conference::ConferenceTable> table_;
  std::optional<net::Timer> timer_;
  std::optional<TimePoint> armed_;
  std::unordered_set<MeetingId> meetings_;  // as the main thread believes
  SteadyClock clock_;
  std::atomic<pid_t> thread_id_{0};
  std::thread thread_;
};

std::error_code Shard::Impl::open() {
  auto udp = net::UdpPort::open(reactor_, pool_, settings_.udp);
  if (!udp) return udp.error().code;
  udp_ = std::move(*udp);
  outbox_.emplace(*udp_);
  peers_.emplace(counters_.transport_drops);
  configure_candidates(settings_.candidates);
  environment_.emplace(conference::ShardEnvironment{.outbox = *outbox_,
                                                    .peers = *peers_,
                                                    .transport_drops = counters_.transport_drops,
                                                    .certificates = certificates_,
                                                    .candidates = candidates_,
                                                    .settings = conference_settings_,
                                                    .web_sockets = *this,
                                                    .counters = counters_.conference,
                                                    .relay_ports = &relay_ports_});
  return {};
}

// Port 0 is the participants', which alone may be mapped to another number by a NAT.
std::vector<transport::Candidate> Shard::Impl::candidates_of_port(
    std::size_t port, transport::CandidateSettings settings) const {
  const std::size_t count = settings_.udp.addresses.size();
  if (port > 0)
    for (transport::StaticMapping& mapping : settings.mappings)
      mapping.advertised = mapping.advertised.with_port(0);
  auto out =
      transport::make_candidates(std::span(udp_->local_addresses()).subspan(port * count, count), settings);
  for (transport::Candidate& candidate : out)
    candidate.socket = static_cast<std::uint8_t>(candidate.socket + port * count);
  return out;
}

void Shard::Impl::configure_candidates(const transport::CandidateSettings& settings) {
  candidates_ = candidates_of_port(0, settings);
  std::vector<conference::RelayPorts::Candidates> relays;
  for (std::size_t port = 1; port <= settings_.udp.more_ports; ++port)
    relays.push_back(candidates_of_port(port, settings));
  relay_ports_.set(std::move(relays));
}

void Shard::Impl::start() {
  thread_ = std::thread([this] {
    thread_id_.store(gettid(), std::memory_order_relaxed);
    pthread_setname_np(pthread_self(), ("shard-" + std::to_string(settings_.index)).c_str());
    table_.emplace(*environment_);
    timer_.emplace(reactor_);
    udp_->start(*this);
    reactor_.run();
    udp_->stop();
    timer_.reset();
    table_.reset();
    outbox_->flush();
  });
}

void Shard::Impl::stop() {
  if (!thread_.joinable()) return;
  reactor_.stop();
  thread_.join();
}

void Shard::Impl::on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) {
  std::size_t largest = 0;
  for (net::Arrival& arrival : batch) {
    largest = std::max(largest, arrival.packet.bytes().size());
    if (!may_wait(arrival.packet.bytes()))
      table_->on_datagram(std::move(arrival.packet), arrival.from, arrived);
    else if (!backlog_.push(std::move(arrival)))
      counters_.transport_drops.add(transport::Drop::too_many_waiting);
  }
  table_->on_batch_end(arrived);
  outbox_->flush();
  arm(arrived);
  if (!comes_back_to_backlog_) work_off_backlog();
  rhythm_.on_batch(batch.size(), largest, arrived);
  if (!rhythm_.busy() || std::exchange(comes_to_rest_, true)) return;
  reactor_.post([this] { comes_to_rest_ = false, rest(); });  // after what else is to be read
}

// The one place where the thread waits elsewhere than in its reactor: there each datagram would wake it.
void Shard::Impl::rest() {
  const auto end = rhythm_.rest_until(clock_.now());
  if (end && !comes_back_to_backlog_) std::this_thread::sleep_until(*end);
}

// In shares; between two of them the port is read.
void Shard::Impl::work_off_backlog() {
  if (backlog_.empty()) return;
  backlog_.work_off(clock_, [this](net::Arrival&& arrival) {
    table_->on_datagram(std::move(arrival.packet), arrival.from, clock_.now());
  });
  settle();
  comes_back_to_backlog_ = !backlog_.empty();
  if (comes_back_to_backlog_) reactor_.post([this] { comes_back_to_backlog_ = false, work_off_backlog(); });
}

// After everything that is not a batch of datagrams: what became due goes out now.
void Shard::Impl::settle() {
  const TimePoint now = clock_.now();
  table_->on_batch_end(now);
  outbox_->flush();
  report_ended();
  arm(now);
}

// The timer is only ever moved forward: one that fires too early looks again, which is cheaper than moving it
// at each packet.
void Shard::Impl::arm(TimePoint now) {
  const std::optional<TimePoint> due = table_->next_wakeup();
  if (!due || (armed_ && *armed_ <= *due)) return;
  armed_ = *due;
  timer_->start(std::max(*due - now, Duration::zero()), [this] { on_timer(); });
}

void Shard::Impl::on_timer() {
  armed_.reset();
  table_->on_wakeup(clock_.now());
  settle();
}

void Shard::Impl::report_ended() {
  if (meetings_.size() == table_->size()) return;
  std::erase_if(meetings_, [this](const MeetingId& meeting) {
    if (table_->find(meeting) != nullptr) return false;
    post_to_main([this, meeting] { listener_.on_conference_ended(meeting); });
    return true;
  });
}

Shard::Shard(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Shard::~Shard() { impl_->stop(); }

Result<std::unique_ptr<Shard>, SystemError> Shard::start(const ShardSettings& settings, net::Reactor& main,
                                                         Listener& listener) {
  auto impl = std::make_unique<Impl>(settings, main, listener);
  if (const std::error_code error = impl->open()) return fail(SystemError{error, "opening the media port"});
  impl->start();
  return std::unique_ptr<Shard>(new Shard(std::move(impl)));
}

void Shard::modify(xmpp::colibri2::ConferenceModify request, const std::function<void(ModifyResult)>& done) {
  const bool posted = impl_->post(
      [impl = impl_.get(), request = std::move(request), done](conference::ConferenceTable& table) {
        auto answer = table.modify(request, SteadyClock().now());
        impl->track(request);
        impl->post_to_main([answer = std::move(answer), done] { done(answer); });
      });
  if (!posted) done(fail(overloaded()));
}

void Shard::refuse_new_conferences() {
  impl_->post([](conference::ConferenceTable& table) { table.refuse_new_conferences(); });
}

void Shard::configure(conference::ConferenceSettings settings, transport::CandidateSettings candidates) {
  impl_->post([impl = impl_.get(), settings = std::move(settings), candidates = std::move(candidates)](
                  conference::ConferenceTable&) { impl->configure(settings, candidates); });
}

void Shard::limit_last_n(int last_n) {
  impl_->post([impl = impl_.get(), last_n](conference::ConferenceTable&) { impl->limit_last_n(last_n); });
}

void Shard::ping(const std::function<void()>& done) {
  impl_->post([impl = impl_.get(), done](conference::ConferenceTable&) { impl->post_to_main(done); });
}

void Shard::check_channel(ChannelRequest request, const std::function<void(bool)>& done) {
  const bool posted = impl_->post(
      [impl = impl_.get(), request = std::move(request), done](conference::ConferenceTable& table) {
        const bool found =
            table.has_channel({request.conference, request.endpoint.expose(), request.password.expose()});
        impl->post_to_main([found, done] { done(found); });
      });
  if (!posted) done(false);
}

void Shard::open_web_socket(ChannelRequest request, conference::WebSocketHandle handle) {
  impl_->post([impl = impl_.get(), request = std::move(request), handle](conference::ConferenceTable& table) {
    const bool open =
        table.on_web_socket_open({request.conference, request.endpoint.expose(), request.password.expose()},
                                 handle, SteadyClock().now());
    if (!open) impl->refuse_web_socket(handle);
  });
}

void Shard::receive_web_socket_text(conference::WebSocketHandle handle, std::string text) {
  impl_->post([handle, text = std::move(text)](conference::ConferenceTable& table) {
    table.on_web_socket_text(handle, text, SteadyClock().now());
  });
}

void Shard::forget_web_socket(conference::WebSocketHandle handle) {
  impl_->post([handle](conference::ConferenceTable& table) { table.on_web_socket_closed(handle); });
}

const ShardCounters& Shard::counters() const { return impl_->counters(); }
const net::UdpCounters& Shard::udp_counters() const { return impl_->udp().counters(); }
std::uint16_t Shard::port() const { return impl_->udp().port(); }
pid_t Shard::thread() const { return impl_->thread(); }

}  // namespace cloister::videobridge::shard
