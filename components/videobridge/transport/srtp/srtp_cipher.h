// One key of SRTP at work: RTP or RTCP in one direction, with session keys derived from the master key (RFC
// 3711 §4.3) and contexts kept, so a packet costs one new IV and no allocation. It knows no streams: the
// caller says the index.
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "videobridge/transport/srtp/srtp_keys.h"
#include "wire/hmac_sha1.h"

namespace cloister::videobridge::transport {

class SrtpCipher {
public:
  enum class Kind : std::uint8_t {
    rtp = 0,
    rtcp = 3
  };  // the first of its three labels (RFC 3711 §4.3.1, §4.3.2)
  enum class Direction : std::uint8_t { seal, open };

  SrtpCipher(SrtpProfile profile, const SrtpMasterKey& master, Kind kind, Direction direction);
  ~SrtpCipher();

  SrtpProfile profile() const { return profile_; }

  // RTP: `packet` is header, payload and room for the tag; `index` is 48 bits (roll-over counter and sequence
  // number).
  void seal_rtp(MutableBytes packet, std::size_t header, std::uint64_t index);
  // False when the tag is wrong; the payload is garbage then.
  bool open_rtp(MutableBytes packet, std::size_t header, std::uint64_t index);

  // RTCP: `packet` is the compound and room for tag and index (31 bits).
  void seal_rtcp(MutableBytes packet, std::uint32_t index);
  // `word` is the packet's own index word with the E bit.
  bool open_rtcp(MutableBytes packet, std::uint32_t word);

private:
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const;
  };
  using Iv = std::array<std::uint8_t, 16>;

  Iv aead_iv(std::uint32_t ssrc, std::uint64_t index) const;
  void run_counter(MutableBytes bytes, std::uint32_t ssrc, std::uint64_t index);
  void aead_seal(const Iv& iv, Bytes clear, Bytes more_clear, MutableBytes secret, MutableBytes tag);
  bool aead_open(const Iv& iv, Bytes clear, Bytes more_clear, MutableBytes secret, Bytes tag);

  SrtpProfile profile_;
  std::array<std::uint8_t, 14> salt_{};
  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context_;
  std::optional<wire::HmacSha1> hmac_;  // aes128_cm_sha1_80 only
};

}  // namespace cloister::videobridge::transport
