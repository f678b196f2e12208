// SRTP and SRTCP of one association, both directions (RFC 3711, RFC 7714, RFC 6904). Packets are changed in
// place; nothing allocates but the first packet of a new SSRC. Shard thread only.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "videobridge/transport/srtp/header_cipher.h"
#include "videobridge/transport/srtp/replay_window.h"
#include "videobridge/transport/srtp/srtp_cipher.h"
#include "videobridge/transport/srtp/ssrc_table.h"

namespace cloister::videobridge::transport {

struct SrtpKeys {
  SrtpProfile profile = SrtpProfile::aead_aes_128_gcm;
  SrtpMasterKey send;
  SrtpMasterKey receive;
};

enum class SrtpError : std::uint8_t {
  malformed,       // too short, not version 2, header longer than the packet
  unauthentic,     // wrong tag
  replayed,        // seen before, or older than the window
  too_many_ssrcs,  // sending only: a roll-over counter must not be forgotten
  no_room,         // sending only: the tag does not fit
};

class Srtp {
public:
  static constexpr std::size_t kMaxOverhead = 20;  // tag and index word
  // A receiver forgets the SSRC that was silent longest; a sender must not, for GCM breaks when a counter
  // starts anew.
  static constexpr std::size_t kMaxReceivedSsrcs = 1024;
  static constexpr std::size_t kMaxSentSsrcs = 16384;

  explicit Srtp(const SrtpKeys& keys);

  // Header extension elements that are encrypted from now on, both ways (RFC 6904); none at the beginning.
  void set_encrypted_extensions(const ExtensionIds& ids);

  // The plain packet is the first `length` bytes of `space`; returns the length of the protected one.
  Result<std::size_t, SrtpError> protect_rtp(MutableBytes space, std::size_t length);
  Result<std::size_t, SrtpError> protect_rtcp(MutableBytes space, std::size_t length);

  // Returns the length of the plain packet. An SSRC leaves a trace only when a packet of it was authentic.
  Result<std::size_t, SrtpError> unprotect_rtp(MutableBytes packet);
  Result<std::size_t, SrtpError> unprotect_rtcp(MutableBytes packet);

private:
  using RtpWindow = ReplayWindow<1024>;
  using RtcpWindow = ReplayWindow<128>;

  SrtpCipher seal_rtp_, open_rtp_, seal_rtcp_, open_rtcp_;
  HeaderCipher seal_header_, open_header_;
  std::size_t tag_;
  std::uint32_t next_rtcp_index_ =
      0;  // one for all SSRCs: each sees it grow, which is all RFC 3711 §3.4 needs
  SsrcTable<std::uint64_t> sent_{kMaxSentSsrcs};  // highest index
  SsrcTable<RtpWindow> received_{kMaxReceivedSsrcs};
  SsrcTable<RtcpWindow> received_rtcp_{kMaxReceivedSsrcs};
};

}  // namespace cloister::videobridge::transport
