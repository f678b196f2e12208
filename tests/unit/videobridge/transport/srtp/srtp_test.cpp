// libsrtp2 is the judge: what we seal it opens, and the other way round.
#include "videobridge/transport/srtp/srtp.h"

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <cstring>
#include <string>
#include <vector>

#include "support/hex.h"

namespace cloister::videobridge::transport {
namespace {

using Buffer = std::vector<std::byte>;

SrtpMasterKey some_key(std::uint8_t seed) {
  SrtpMasterKey key;
  for (std::size_t i = 0; i < key.key.size(); ++i) key.key[i] = static_cast<std::byte>(seed * 31U + i * 7U);
  for (std::size_t i = 0; i < key.salt.size(); ++i) key.salt[i] = static_cast<std::byte>(seed * 17U + i * 3U);
  return key;
}

Buffer rtp_packet(std::uint16_t sequence, std::size_t payload, std::uint32_t ssrc = 0x11223344) {
  // One CSRC and a one-byte header extension, so that the readable part has every shape.
  Buffer out = test::hex("91600000 00000001 00000000 0a0b0c0d bede0001 10aa0000");
  set_u16(out, 2, sequence);
  set_u32(out, 8, ssrc);
  for (std::size_t i = 0; i < payload; ++i) out.push_back(static_cast<std::byte>(i * 13U + sequence));
  return out;
}

Buffer rtcp_packet(std::uint32_t ssrc = 0x11223344) {
  Buffer out = test::hex("80c80006 00000000 0102030405060708 00000009 0000000a 0000000b");
  set_u32(out, 4, ssrc);
  return out;
}

class Judge {
public:
  Judge(SrtpProfile profile, const SrtpMasterKey& key, srtp_ssrc_type_t direction) {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    EXPECT_TRUE(ready);
    srtp_policy_t policy{};
    if (profile == SrtpProfile::aead_aes_128_gcm) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
      srtp_crypto_policy_set_rtp_default(&policy.rtp);
      srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    }
    std::memcpy(key_.data(), key.key.data(), 16);
    std::memcpy(key_.data() + 16, key.salt.data(), salt_size(profile));
    policy.ssrc.type = direction;
    policy.key = key_.data();
    policy.window_size = 1024;
    policy.allow_repeat_tx = 1;
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  ~Judge() { srtp_dealloc(session_); }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  template <auto kCall>
  bool run(Buffer& packet) {
    int length = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 16);
    const auto status = kCall(session_, packet.data(), &length);
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(length) : 0);
    return status == srtp_err_status_ok;
  }

private:
  std::array<unsigned char, 64> key_{};
  srtp_t session_ = nullptr;
};

using Call = Result<std::size_t, SrtpError>;

Call protect(Srtp& srtp, Buffer& packet) {
  const std::size_t length = packet.size();
  packet.resize(length + Srtp::kMaxOverhead);
  const Call done = srtp.protect_rtp(packet, length);
  if (done) packet.resize(*done);
  return done;
}
Call protect_rtcp(Srtp& srtp, Buffer& packet) {
  const std::size_t length = packet.size();
  packet.resize(length + Srtp::kMaxOverhead);
  const Call done = srtp.protect_rtcp(packet, length);
  if (done) packet.resize(*done);
  return done;
}
Call unprotect(Srtp& srtp, Buffer& packet) {
  const Call done = srtp.unprotect_rtp(packet);
  if (done) packet.resize(*done);
  return done;
}

class SrtpTest : public testing::TestWithParam<SrtpProfile> {
protected:
  SrtpKeys keys_{GetParam(), some_key(1), some_key(2)};
  SrtpKeys mirrored_{GetParam(), some_key(2), some_key(1)};
  Srtp ours_{keys_};
  Srtp theirs_{mirrored_};
};

TEST_P(SrtpTest, LibsrtpOpensWhatWeSeal) {
  Judge judge(GetParam(), keys_.send, ssrc_any_inbound);
  for (std::uint16_t sequence = 100; sequence < 160; ++sequence) {
    const Buffer plain = rtp_packet(sequence, static_cast<std::size_t>(sequence - 100) * 20);
    Buffer packet = plain;
    ASSERT_TRUE(protect(ours_, packet));
    EXPECT_NE(packet, plain);
    ASSERT_TRUE(judge.run<srtp_unprotect>(packet)) << sequence;
    EXPECT_EQ(packet, plain);
  }
}

TEST_P(SrtpTest, WeOpenWhatLibsrtpSeals) {
  Judge judge(GetParam(), keys_.receive, ssrc_any_outbound);
  for (std::uint16_t sequence = 100; sequence < 160; ++sequence) {
    const Buffer plain = rtp_packet(sequence, static_cast<std::size_t>(sequence - 100) * 20);
    Buffer packet = plain;
    ASSERT_TRUE(judge.run<srtp_protect>(packet));
    ASSERT_TRUE(unprotect(ours_, packet)) << sequence;
    EXPECT_EQ(packet, plain);
  }
}

TEST_P(SrtpTest, RtcpAgreesWithLibsrtpBothWays) {
  Judge opener(GetParam(), keys_.send, ssrc_any_inbound);
  Judge sealer(GetParam(), keys_.receive, ssrc_any_outbound);
  for (std::uint32_t i = 0; i < 40; ++i) {
    const Buffer plain = rtcp_packet(i % 3 + 1);
    Buffer packet = plain;
    ASSERT_TRUE(protect_rtcp(ours_, packet));
    ASSERT_TRUE(opener.run<srtp_unprotect_rtcp>(packet));
    EXPECT_EQ(packet, plain);
    ASSERT_TRUE(sealer.run<srtp_protect_rtcp>(packet));
    const auto length = ours_.unprotect_rtcp(packet);
    ASSERT_TRUE(length);
    packet.resize(*length);
    EXPECT_EQ(packet, plain);
  }
}

TEST_P(SrtpTest, TheRollOverCounterFollowsSeveralWraps) {
  Judge opener(GetParam(), keys_.send, ssrc_any_inbound);
  Judge sealer(GetParam(), keys_.receive, ssrc_any_outbound);
  for (std::uint32_t i = 40000; i < 40000 + 3 * 65536; i += 97) {
    const Buffer plain = rtp_packet(static_cast<std::uint16_t>(i), 30);
    Buffer packet = plain;
    ASSERT_TRUE(protect(ours_, packet));
    ASSERT_TRUE(opener.run<srtp_unprotect>(packet)) << i;
    ASSERT_TRUE(sealer.run<srtp_protect>(packet));
    ASSERT_TRUE(unprotect(ours_, packet)) << i;
    EXPECT_EQ(packet, plain);
  }
}

TEST_P(SrtpTest, PacketsThatOvertakeEachOtherAtTheWrapAreOpened) {
  std::vector<Buffer> sealed;
  for (const int sequence : {65533, 65534, 65535, 0, 1, 2}) {
    sealed.push_back(rtp_packet(static_cast<std::uint16_t>(sequence), 10));
    ASSERT_TRUE(protect(theirs_, sealed.back()));
  }
  for (const std::size_t at : {0U, 3U, 1U, 5U, 2U, 4U}) EXPECT_TRUE(unprotect(ours_, sealed[at])) << at;
}

TEST_P(SrtpTest, ATamperedPacketIsRefusedAndLeavesNoTrace) {
  Buffer good = rtp_packet(7, 50);
  ASSERT_TRUE(protect(theirs_, good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    Buffer bad = good;
    bad[at] ^= std::byte{1};
    EXPECT_FALSE(ours_.unprotect_rtp(bad)) << at;
  }
  EXPECT_TRUE(unprotect(ours_, good));

  Buffer control = rtcp_packet();
  ASSERT_TRUE(protect_rtcp(theirs_, control));
  for (std::size_t at = 0; at < control.size(); ++at) {
    Buffer bad = control;
    bad[at] ^= std::byte{1};
    EXPECT_FALSE(ours_.unprotect_rtcp(bad)) << at;
  }
  EXPECT_TRUE(ours_.unprotect_rtcp(control));
}

TEST_P(SrtpTest, AReplayIsRefusedAndSoIsWhatIsOlderThanTheWindow) {
  std::vector<Buffer> sealed;
  for (std::uint16_t sequence = 0; sequence < 1100; ++sequence) {
    sealed.push_back(rtp_packet(sequence, 10));
    ASSERT_TRUE(protect(theirs_, sealed.back()));
  }
  const auto open_copy = [&](std::size_t at) {
    Buffer copy = sealed[at];
    return ours_.unprotect_rtp(copy);
  };
  ASSERT_TRUE(open_copy(1099));
  EXPECT_EQ(open_copy(1099).error(), SrtpError::replayed);
  EXPECT_TRUE(open_copy(76));  // 1023 behind: the oldest that is inside
  EXPECT_EQ(open_copy(76).error(), SrtpError::replayed);
  EXPECT_EQ(open_copy(75).error(), SrtpError::replayed);
}

TEST_P(SrtpTest, ARepeatedPacketIsSealedToTheSameBytes) {
  Buffer first = rtp_packet(500, 80);
  Buffer again = first;
  ASSERT_TRUE(protect(ours_, first));
  for (std::uint16_t sequence = 501; sequence < 900; ++sequence) {
    Buffer other = rtp_packet(sequence, 10);
    ASSERT_TRUE(protect(ours_, other));
  }
  ASSERT_TRUE(protect(ours_, again));
  EXPECT_EQ(first, again);
}

TEST_P(SrtpTest, EachSsrcCountsForItself) {
  for (std::uint32_t ssrc = 1; ssrc <= 300; ++ssrc) {
    for (const int sequence : {65535, 0, 1}) {
      const Buffer plain = rtp_packet(static_cast<std::uint16_t>(sequence), 20, ssrc);
      Buffer packet = plain;
      ASSERT_TRUE(protect(theirs_, packet));
      ASSERT_TRUE(unprotect(ours_, packet)) << ssrc;
      EXPECT_EQ(packet, plain);
    }
  }
}

TEST_P(SrtpTest, MoreSsrcsThanTheTableHoldsPushOutTheOldest) {
  std::vector<Buffer> sealed;
  for (std::uint32_t ssrc = 0; ssrc < Srtp::kMaxReceivedSsrcs + 10; ++ssrc) {
    sealed.push_back(rtp_packet(1, 10, ssrc));
    ASSERT_TRUE(protect(theirs_, sealed.back()));
    Buffer copy = sealed.back();
    ASSERT_TRUE(unprotect(ours_, copy));
  }
  Buffer newest = sealed.back();
  EXPECT_EQ(ours_.unprotect_rtp(newest).error(), SrtpError::replayed);
  EXPECT_TRUE(unprotect(ours_, sealed.front()));  // forgotten, so it starts anew
}

TEST_P(SrtpTest, ShortAndMalformedPacketsAreRefused) {
  for (std::size_t size = 0; size < 40; ++size) {
    Buffer zeros(size);
    EXPECT_FALSE(ours_.unprotect_rtp(zeros));
    EXPECT_FALSE(ours_.unprotect_rtcp(zeros));
    Buffer ones(size, std::byte{0xbf});  // version 2, 15 CSRCs, extension: longer than the packet
    EXPECT_EQ(ours_.unprotect_rtp(ones).error(), SrtpError::malformed);
  }
  Buffer tight = rtp_packet(1, 10);
  EXPECT_EQ(ours_.protect_rtp(tight, tight.size()).error(), SrtpError::no_room);
}

INSTANTIATE_TEST_SUITE_P(BothProfiles, SrtpTest,
                         testing::Values(SrtpProfile::aead_aes_128_gcm, SrtpProfile::aes128_cm_sha1_80),
                         [](const auto& test) {
                           return test.param == SrtpProfile::aead_aes_128_gcm ? "Gcm" : "Cm";
                         });

}  // namespace
}  // namespace cloister::videobridge::transport
