#include "videobridge/transport/dtls/dtls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "videobridge/transport/dtls/dtls_engine.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::uint8_t kAlert = 21;
constexpr std::uint8_t kApplicationData = 23;
constexpr std::size_t kMaxRecord = 2048;  // no datagram of ours or theirs is longer

}  // namespace

void DtlsSession::FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

DtlsSession::DtlsSession(std::shared_ptr<const Certificate> certificate, Port& port, Drops& drops)
    : certificate_(std::move(certificate)), port_(port), drops_(drops) {}

DtlsSession::~DtlsSession() = default;

void DtlsSession::start(DtlsRole role, std::vector<Fingerprint> peer, TimePoint now) {
  ASSERT(state_ == State::waiting);
  role_ = role;
  peer_ = std::move(peer);
  ssl_.reset(make_dtls_engine(*certificate_, role, *this));
  state_ = State::handshaking;
  deadline_ = now + kHandshakeTimeout;
  if (role == DtlsRole::client) handshake(now);
  for (const auto& datagram : std::exchange(early_, {})) on_datagram(datagram, now);
}

void DtlsSession::on_datagram(Bytes datagram, TimePoint now) {
  if (datagram.empty()) return;
  switch (state_) {
    case State::waiting:
      if (early_.size() == kMaxEarly) return drops_.add(Drop::early_dtls_full);
      early_.emplace_back(datagram.begin(), datagram.end());
      return;
    case State::handshaking: return feed(datagram, now);
    case State::connected: {
      const std::uint8_t content = get_u8(datagram, 0);
      // The peer repeats its last flight, so ours was lost on the way.
      if (content != kApplicationData && content != kAlert) return resend_flight();
      if (ssl_) return feed(datagram, now);
      return drops_.add(Drop::dtls_malformed);
    }
    case State::closed:
    case State::failed: return drops_.add(Drop::dtls_malformed);
  }
}

void DtlsSession::feed(Bytes datagram, TimePoint now) {
  input_ = datagram;
  flight_answered_ = true;
  ERR_clear_error();
  if (state_ == State::handshaking) handshake(now);
  if (state_ == State::connected && ssl_) read_application_data(now);
  input_ = {};
}

// OpenSSL's buffers of 18 KB are there while it has something to do: it waits a thousand times longer.
// Steps OpenSSL as far as its input goes. Whatever it writes in one step is one flight.
void DtlsSession::handshake(TimePoint now) {
  SSL_alloc_buffers(ssl_.get());
  const int done = SSL_do_handshake(ssl_.get());
  if (done == 1) return finish_handshake();
  if (SSL_get_error(ssl_.get(), done) != SSL_ERROR_WANT_READ) return end(State::failed);
  SSL_free_buffers(ssl_.get());
  if (!flight_.empty() && !flight_answered_ && !retransmission_) {
    retransmission_interval_ = kFirstRetransmission;
    retransmission_ = now + retransmission_interval_;
  }
}

void DtlsSession::finish_handshake() {
  keys_ = export_srtp_keys(*ssl_, role_);
  if (!keys_) return end(State::failed);
  state_ = State::connected;
  retransmission_.reset();
  if (role_ == DtlsRole::client) flight_.clear();  // the server's answer proves that all of ours arrived
}

void DtlsSession::read_application_data(TimePoint now) {
  std::array<std::byte, kMaxRecord> record;
  for (;;) {
    const int length = SSL_read(ssl_.get(), record.data(), static_cast<int>(record.size()));
    if (length > 0) {
      port_.on_application_data(std::span(record).first(static_cast<std::size_t>(length)), now);
      if (state_ != State::connected) return;
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), length);
    if (error == SSL_ERROR_ZERO_RETURN) return end(State::closed);
    if (error != SSL_ERROR_WANT_READ) return end(State::failed);
    SSL_free_buffers(ssl_.get());
    return;
  }
}

void DtlsSession::send_application_data(Bytes data) {
  if (state_ != State::connected || !ssl_ || data.empty()) return;
  ERR_clear_error();
  SSL_alloc_buffers(ssl_.get());
  SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size()));
  SSL_free_buffers(ssl_.get());
}

void DtlsSession::end(State state) {
  state_ = state;
  retransmission_.reset();
  flight_.clear();
}

void DtlsSession::on_written(Bytes datagram) {
  if (state_ == State::handshaking) {
    if (flight_answered_) {
      flight_.clear();
      retransmission_.reset();
      flight_answered_ = false;
    }
    flight_.emplace_back(datagram.begin(), datagram.end());
  }
  port_.send_dtls(datagram);
}

void DtlsSession::resend_flight() {
  for (const auto& datagram : flight_) port_.send_dtls(datagram);
}

std::optional<SrtpKeys> DtlsSession::take_keys() { return std::exchange(keys_, std::nullopt); }

void DtlsSession::release_engine() { ssl_.reset(); }

std::optional<TimePoint> DtlsSession::next_wakeup() const {
  if (state_ != State::handshaking) return std::nullopt;
  return earlier(retransmission_, deadline_);
}

void DtlsSession::on_wakeup(TimePoint now) {
  if (state_ != State::handshaking) return;
  if (now >= deadline_) return end(State::failed);
  if (!retransmission_ || now < *retransmission_) return;
  resend_flight();
  retransmission_interval_ = std::min(2 * retransmission_interval_, kLastRetransmission);
  retransmission_ = now + retransmission_interval_;
}

}  // namespace cloister::videobridge::transport
