// DTLS 1.2 with one peer (RFC 6347, RFC 5764): verifies its certificate against the signalled fingerprint,
// exports the SRTP keys, then carries SCTP packets. OpenSSL inside, but not its clock: a flight that stays
// unanswered is sent again, the same records, by our own timer, so time is what the caller says. Shard thread
// only.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "videobridge/transport/dtls/certificate.h"
#include "videobridge/transport/model/description.h"
#include "videobridge/transport/model/drop.h"
#include "videobridge/transport/srtp/srtp.h"

namespace cloister::videobridge::transport {

enum class DtlsRole : std::uint8_t { client, server };

// What every session of a process has in common: version, ciphers, SRTP profiles in our order, client
// certificate required.
SSL_CTX* make_dtls_context();
// "AB:CD:…" of a certificate.
std::string fingerprint_text(const X509& certificate, const EVP_MD& digest);
// RFC 8122 §5: the strongest hash among `offered` that we know decides; one of its values must be the
// certificate's.
bool matches_fingerprint(const X509& certificate, const std::vector<Fingerprint>& offered);

class DtlsSession {
public:
  //  waiting ──start()──▶ handshaking ──▶ connected ──▶ closed (close_notify)
  //                            └──────────────┴───────▶ failed
  enum class State : std::uint8_t { waiting, handshaking, connected, closed, failed };

  struct Port {
    virtual ~Port() = default;
    virtual void send_dtls(Bytes datagram) = 0;
    virtual void on_application_data(Bytes data, TimePoint now) = 0;
  };

  static constexpr Duration kHandshakeTimeout = 30s;
  // RFC 6347 §4.2.4.1 says 1 s; ICE has measured the path before, and browsers start as low.
  static constexpr Duration kFirstRetransmission = 100ms;
  static constexpr Duration kLastRetransmission = 1600ms;
  static constexpr std::size_t kMtu = 1200;
  static constexpr std::size_t kMaxEarly = 16;  // datagrams kept before start()

  DtlsSession(std::shared_ptr<const Certificate> certificate, Port& port, Drops& drops);
  ~DtlsSession();
  DtlsSession(const DtlsSession&) = delete;
  DtlsSession& operator=(const DtlsSession&) = delete;

  // Once the path works and the peer's role and fingerprint are known. What came earlier is handled now.
  void start(DtlsRole role, std::vector<Fingerprint> peer, TimePoint now);
  void on_datagram(Bytes datagram, TimePoint now);
  // Nothing unless connected.
  void send_application_data(Bytes data);

  State state() const { return state_; }
  // The keys, once, after connected.
  std::optional<SrtpKeys> take_keys();
  // Gives OpenSSL's 40 KB back (with its buffers 58). For a session without application data; lost last
  // flights are still repeated.
  void release_engine();

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now);

private:
  friend struct DtlsCallbacks;
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };

  void feed(Bytes datagram, TimePoint now);
  void handshake(TimePoint now);
  void read_application_data(TimePoint now);
  void finish_handshake();
  void end(State state);
  void on_written(Bytes datagram);
  void resend_flight();

  std::shared_ptr<const Certificate> certificate_;
  Port& port_;
  Drops& drops_;
  State state_ = State::waiting;
  DtlsRole role_ = DtlsRole::server;
  std::vector<Fingerprint> peer_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::optional<SrtpKeys> keys_;

  std::vector<std::vector<std::byte>> early_;
  Bytes input_;                                 // the datagram that OpenSSL is about to read
  std::vector<std::vector<std::byte>> flight_;  // the last one we sent, until the handshake goes on
  bool flight_answered_ = false;  // something came since: what is written next begins a new flight
  std::optional<TimePoint> retransmission_;
  Duration retransmission_interval_{};
  TimePoint deadline_{};
};

}  // namespace cloister::videobridge::transport
