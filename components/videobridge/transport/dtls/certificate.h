// The identity of our DTLS side: a self-signed ECDSA P-256 certificate with a random name, and its
// fingerprint.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "base/clock.h"
#include "videobridge/transport/model/description.h"

namespace cloister::videobridge::transport {

// Immutable, so sessions of any thread may share one. RFC 8827 §6.5; valid from a day ago for eight days.
class Certificate {
public:
  static std::shared_ptr<const Certificate> generate();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  const Fingerprint& fingerprint() const { return fingerprint_; }  // sha-256, upper-case hex
  SSL_CTX* context() const { return context_; }

private:
  Certificate() = default;
  SSL_CTX* context_ = nullptr;
  Fingerprint fingerprint_;
};

// The certificate for new endpoints: the same one for a day, then a new one. One per shard, shard thread
// only.
class CertificateSource {
public:
  std::shared_ptr<const Certificate> current(TimePoint now);

private:
  std::shared_ptr<const Certificate> certificate_;
  TimePoint made_{};
};

}  // namespace cloister::videobridge::transport
