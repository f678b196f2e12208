// One participant's secure path: ICE finds the way, DTLS makes the keys, SRTP guards the media, SCTP carries
// the bridge channel. No socket, thread or clock inside: datagrams and time go in, datagrams go into the
// shard's outbox, next_wakeup() says when to come back. Shard thread only; owned by the endpoint.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "net/outbox.h"
#include "net/packet_pool.h"
#include "videobridge/transport/dtls/certificate.h"
#include "videobridge/transport/ice/ice_generations.h"
#include "videobridge/transport/model/description.h"
#include "videobridge/transport/model/drop.h"
#include "videobridge/transport/srtp/header_cipher.h"

namespace cloister::videobridge::transport {

enum class TransportFailure : std::uint8_t {
  ice_timed_out,    // no working path 30 s after the peer's credentials came; checks are still answered
  consent_expired,  // RFC 7675: silent for 30 s; nothing is sent until an authenticated check of the peer
                    // revives the path
  dtls_failed,      // refused handshake, wrong certificate, or not done in 30 s; final
  dtls_closed,      // the peer said close_notify; final
};

struct TransportSettings {
  bool controlling = true;       // ICE role at the start; a role conflict may change it
  Setup setup = Setup::actpass;  // what we say; actpass lets the peer choose
  bool data_channel = true;      // SCTP offered and expected
  bool opens_channel = false;    // send the DCEP OPEN: a client's part; a bridge waits for it
};

class Transport {
public:
  // What the transport tells its owner, always from within a call that the owner made. The owner must not
  // destroy the transport from in here.
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_rtp(net::Packet packet, TimePoint arrived) = 0;  // decrypted
    virtual void on_rtcp(MutableBytes compound,
                         TimePoint arrived) = 0;  // decrypted; the bytes live for the call
    virtual void on_secure(TimePoint now) = 0;    // media may flow, both ways
    virtual void on_channel_open(TimePoint now) = 0;
    virtual void on_channel_message(std::string_view message, TimePoint now) = 0;
    virtual void on_channel_closed(TimePoint now) = 0;
    virtual void on_transport_failed(TransportFailure reason, TimePoint now) = 0;
  };

  // `outbox`, `drops` and `listener` outlive the transport.
  Transport(const TransportSettings& settings, std::vector<Candidate> candidates,
            std::shared_ptr<const Certificate> certificate, net::Outbox& outbox, Drops& drops,
            Listener& listener);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  const LocalDescription& local() const;
  // May come in pieces and repeatedly. Credentials, fingerprints and setup once set do not change; candidates
  // add up. What carries an ice_generation is for the ICE agent of that restart.
  void set_remote(const RemoteDescription& remote, TimePoint now);

  // ICE restart, make before break (protocol/bridge.md §3.6): ICE credentials of a second agent, under a new
  // ice_generation, or once more those of a restart that is under way. Media, DTLS and SRTP go on as they
  // were; sending moves over when the peer, with its own new credentials, has made the new agent work, or
  // never, after 20 s. What we are already when there is no path yet to be left (no ice_generation), nothing
  // when there is nothing to save. The peer table is to be told of it: PeerTable::update().
  std::optional<LocalDescription> restart_ice(TimePoint now);
  // What a STUN datagram can name us by.
  std::vector<IceGenerations::Identity> identities() const;

  // RTP header extension elements that both sides encrypt (RFC 6904), by id: as negotiated, at any time.
  void set_encrypted_extensions(const ExtensionIds& ids);

  // A datagram for this peer. True when it was a connectivity check with our password, which proves that
  // `from` is the peer's.
  bool on_datagram(net::Packet packet, const net::Path& from, TimePoint now);

  // Media out: write a plain packet into reserve() and commit its length; it is protected in place and joins
  // the outbox. reserve() is empty while the transport is not secure. No other call may come between the two.
  // A retransmission under the same SSRC and sequence number must be the same bytes: GCM forbids two
  // plaintexts under one nonce.
  MutableBytes reserve();
  void commit_rtp(std::size_t length);
  void commit_rtcp(std::size_t length);

  // False when the channel is not open or too much is waiting; then the message is gone.
  bool send_channel_message(std::string_view text);
  bool is_channel_open() const;

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now);

  // Keys are there and a path with consent.
  bool is_secure() const;
  // Last proof of life: an authenticated check, answer or media packet.
  TimePoint last_activity() const;
  // Round trip by our own checks, smoothed.
  std::optional<Duration> rtt() const;
  // The pair in use.
  std::optional<net::Path> selected_path() const;

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cloister::videobridge::transport
