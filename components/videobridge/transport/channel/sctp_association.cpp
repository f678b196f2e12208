#include "videobridge/transport/channel/sctp_association.h"

#include <usrsctp.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "base/assert.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::uint16_t kStreams = 32;
// DTLS adds 37 bytes (header 13, nonce 8, tag 16) to what must stay below DtlsSession::kMtu.
constexpr std::uint32_t kPathMtu = 1160;
// Milliseconds. usrsctp takes the time of a handshake with its repetitions for the round trip, and repeats
// data only after as long: one that backed off to seconds would make the first message wait for ten. The
// traffic is too small to congest anything.
constexpr std::uint32_t kFirstRto = 250, kLeastRto = 200, kMostRto = 1000, kMostInitRto = 500;
constexpr std::uint32_t kSendBuffer = 2 * SctpAssociation::kMaxMessage;  // a message must fit as a whole
constexpr std::uint32_t kRetransmissions = 1000;                         // ICE decides when the path is dead
constexpr std::size_t kMaxPackets = 1024;  // waiting in one mailbox; SCTP repeats what is dropped
// While anything waits there is a step every kTick. A longer gap was idle, and must not look like a timeout
// afterwards.
constexpr std::chrono::milliseconds kMaxStep = 100ms;

template <class Value>
void set_option(struct socket* socket, int level, int option, const Value& value) {
  usrsctp_setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

struct SctpAssociation::Mailbox {
  std::uintptr_t id = 0;  // stands for the peer's and our own address
  struct socket* socket = nullptr;
  Mail mail;
  Message partial;
  State state = State::connecting;
  bool unacknowledged = false;
};

// The process-wide part. Everything in here runs under `mutex`.
struct SctpEngine {
  using Mailbox = SctpAssociation::Mailbox;
  using State = SctpAssociation::State;

  std::mutex mutex;
  std::unordered_map<std::uintptr_t, Mailbox*> mailboxes;
  std::uintptr_t next_id = 1;
  TimePoint last_step{};

  // Never destroyed: associations of any thread may end after main() did.
  static SctpEngine& get() {
    static auto* const engine = new SctpEngine;
    return *engine;
  }

  SctpEngine() {
    usrsctp_init_nothreads(0, on_output, nullptr);
    usrsctp_sysctl_set_sctp_sendspace(kSendBuffer);
    usrsctp_sysctl_set_sctp_ecn_enable(0);
    usrsctp_sysctl_set_sctp_asconf_enable(0);
    usrsctp_sysctl_set_sctp_auth_enable(0);
    usrsctp_sysctl_set_sctp_rto_initial_default(kFirstRto);
    usrsctp_sysctl_set_sctp_rto_min_default(kLeastRto);
    usrsctp_sysctl_set_sctp_rto_max_default(kMostRto);
    usrsctp_sysctl_set_sctp_init_rto_max_default(kMostInitRto);
    usrsctp_sysctl_set_sctp_init_rtx_max_default(kRetransmissions);
    usrsctp_sysctl_set_sctp_assoc_rtx_max_default(kRetransmissions);
    usrsctp_sysctl_set_sctp_path_rtx_max_default(kRetransmissions);
    usrsctp_sysctl_set_sctp_sack_freq_default(1);  // no delayed answers: nothing must wait for a tick
    usrsctp_sysctl_set_sctp_initial_cwnd(10);
    usrsctp_sysctl_set_sctp_nr_outgoing_streams_default(kStreams);
  }

  Mailbox* find(const void* address) {
    const auto found = mailboxes.find(reinterpret_cast<std::uintptr_t>(address));
    return found == mailboxes.end() ? nullptr : found->second;
  }

  static int on_output(void* address, void* packet, std::size_t length, std::uint8_t, std::uint8_t) {
    Mailbox* mailbox = get().find(address);
    if (mailbox == nullptr || mailbox->mail.packets.size() == kMaxPackets) return 0;
    const auto* begin = static_cast<const std::byte*>(packet);
    mailbox->mail.packets.emplace_back(begin, begin + length);
    return 0;
  }

  static int on_receive(struct socket*, union sctp_sockstore, void* data, std::size_t length,
                        struct sctp_rcvinfo info, int flags, void* id) {
    if (data == nullptr) return 1;
    const std::unique_ptr<void, decltype(&std::free)> owner(data, std::free);
    Mailbox* mailbox = get().find(id);
    if (mailbox == nullptr) return 1;
    const Bytes bytes(static_cast<const std::byte*>(data), length);
    if ((flags & MSG_NOTIFICATION) != 0)
      on_notification(*mailbox, bytes);
    else
      on_data(*mailbox, bytes, info, (flags & MSG_EOR) != 0);
    return 1;
  }

  static void on_data(Mailbox& mailbox, Bytes bytes, const sctp_rcvinfo& info, bool complete) {
    SctpAssociation::Message& message = mailbox.partial;
    message.stream = info.rcv_sid;
    message.ppid = ntohl(info.rcv_ppid);
    if (message.data.size() + bytes.size() > SctpAssociation::kMaxMessage)
      message.too_long = true;
    else
      message.data += as_text(bytes);
    if (complete) mailbox.mail.messages.push_back(std::exchange(message, {}));
  }

  static void on_notification(Mailbox& mailbox, Bytes bytes) {
    sctp_notification event{};
    if (bytes.size() < sizeof event.sn_header) return;
    std::memcpy(&event, bytes.data(), std::min(bytes.size(), sizeof event));
    switch (event.sn_header.sn_type) {
      case SCTP_ASSOC_CHANGE: {
        const auto change = event.sn_assoc_change.sac_state;
        mailbox.state = change == SCTP_COMM_UP || change == SCTP_RESTART ? State::open : State::closed;
        return;
      }
      case SCTP_SHUTDOWN_EVENT: mailbox.state = State::closed; return;
      case SCTP_STREAM_RESET_EVENT: return on_reset(mailbox, event.sn_strreset_event.strreset_flags, bytes);
      case SCTP_SENDER_DRY_EVENT: mailbox.unacknowledged = false; return;
      default: return;
    }
  }

  // The streams that the peer closed; an empty list means all of them.
  static void on_reset(Mailbox& mailbox, std::uint16_t flags, Bytes bytes) {
    constexpr std::size_t kList = offsetof(sctp_stream_reset_event, strreset_stream_list);
    if ((flags & SCTP_STREAM_RESET_INCOMING_SSN) == 0 || bytes.size() < kList) return;
    if (bytes.size() == kList) mailbox.state = State::closed;
    for (std::size_t at = kList; at + 2 <= bytes.size(); at += 2) {
      std::uint16_t stream = 0;
      std::memcpy(&stream, &bytes[at], sizeof stream);
      mailbox.mail.reset_streams.push_back(stream);
    }
  }

  static void configure(struct socket* socket) {
    usrsctp_set_non_blocking(socket, 1);
    set_option(socket, SOL_SOCKET, SO_LINGER, linger{.l_onoff = 1, .l_linger = 0});
    set_option(socket, IPPROTO_SCTP, SCTP_NODELAY, 1);
    sctp_initmsg init{};
    init.sinit_num_ostreams = init.sinit_max_instreams = kStreams;
    set_option(socket, IPPROTO_SCTP, SCTP_INITMSG, init);
    sctp_paddrparams path{};
    path.spp_address.ss_family = AF_CONN;
    path.spp_flags = SPP_HB_DISABLE | SPP_PMTUD_DISABLE;
    path.spp_pathmtu = kPathMtu;
    set_option(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path);
    sctp_assoc_value resets{SCTP_ALL_ASSOC, 1};
    set_option(socket, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, resets);
    for (const int type :
         {SCTP_ASSOC_CHANGE, SCTP_SHUTDOWN_EVENT, SCTP_STREAM_RESET_EVENT, SCTP_SENDER_DRY_EVENT}) {
      sctp_event event{};
      event.se_assoc_id = SCTP_ALL_ASSOC;
      event.se_type = static_cast<std::uint16_t>(type);
      event.se_on = 1;
      set_option(socket, IPPROTO_SCTP, SCTP_EVENT, event);
    }
  }

  void open(Mailbox& mailbox) {
    mailbox.id = next_id++;
    auto* const address = reinterpret_cast<void*>(mailbox.id);
    mailboxes.emplace(mailbox.id, &mailbox);
    usrsctp_register_address(address);
    mailbox.socket = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, on_receive, nullptr, 0, address);
    ASSERT(mailbox.socket != nullptr);
    configure(mailbox.socket);
    sockaddr_conn name{};
    name.sconn_family = AF_CONN;
    name.sconn_port = htons(SctpAssociation::kPort);
    name.sconn_addr = address;
    auto* const generic = reinterpret_cast<sockaddr*>(&name);
    ASSERT(usrsctp_bind(mailbox.socket, generic, sizeof name) == 0);
    if (usrsctp_connect(mailbox.socket, generic, sizeof name) != 0 && errno != EINPROGRESS)
      mailbox.state = State::closed;
  }

  void close(Mailbox& mailbox) {
    mailboxes.erase(mailbox.id);
    usrsctp_close(mailbox.socket);
    usrsctp_deregister_address(reinterpret_cast<void*>(mailbox.id));
  }

  // Whole milliseconds only; the rest is kept for the next step. A clock that went back (in tests) just
  // starts anew.
  void step(TimePoint now) {
    const auto passed = std::chrono::floor<std::chrono::milliseconds>(now - last_step);
    if (passed < 0ms || passed > kMaxStep)
      last_step = now;
    else
      last_step += passed;
    const auto step = std::min<std::chrono::milliseconds>(passed, kMaxStep);
    if (step > 0ms) usrsctp_handle_timers(static_cast<std::uint32_t>(step.count()));
  }
};

SctpAssociation::SctpAssociation() : mailbox_(std::make_unique<Mailbox>()) {
  SctpEngine& engine = SctpEngine::get();
  const std::lock_guard lock(engine.mutex);
  engine.open(*mailbox_);
}

SctpAssociation::~SctpAssociation() {
  SctpEngine& engine = SctpEngine::get();
  const std::lock_guard lock(engine.mutex);
  engine.close(*mailbox_);
}

void SctpAssociation::on_packet(Bytes packet) {
  const std::lock_guard lock(SctpEngine::get().mutex);
  usrsctp_conninput(reinterpret_cast<void*>(mailbox_->id), packet.data(), packet.size(), 0);
}

bool SctpAssociation::send(std::uint16_t stream, std::uint32_t ppid, Bytes message) {
  const std::lock_guard lock(SctpEngine::get().mutex);
  sctp_sndinfo info{};
  info.snd_sid = stream;
  info.snd_ppid = htonl(ppid);
  info.snd_flags = SCTP_EOR;
  if (usrsctp_sendv(mailbox_->socket, message.data(), message.size(), nullptr, 0, &info, sizeof info,
                    SCTP_SENDV_SNDINFO, 0) < 0)
    return false;
  mailbox_->unacknowledged = true;
  return true;
}

void SctpAssociation::step(TimePoint now) {
  SctpEngine& engine = SctpEngine::get();
  const std::lock_guard lock(engine.mutex);
  engine.step(now);
}

SctpAssociation::Mail SctpAssociation::take_mail() {
  const std::lock_guard lock(SctpEngine::get().mutex);
  state_ = mailbox_->state;
  unacknowledged_ = mailbox_->unacknowledged;
  return std::exchange(mailbox_->mail, {});
}

std::vector<std::vector<std::byte>> SctpAssociation::take_packets() {
  const std::lock_guard lock(SctpEngine::get().mutex);
  unacknowledged_ = mailbox_->unacknowledged;
  return std::exchange(mailbox_->mail.packets, {});
}

}  // namespace cloister::videobridge::transport
