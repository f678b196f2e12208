// Protecting and opening one packet: our SRTP, Debian's libsrtp2, and OpenSSL's AES-GCM with nothing around
// it.
#include <benchmark/benchmark.h>
#include <srtp2/srtp.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "forward/gcm.h"
#include "videobridge/transport/srtp/srtp.h"
#include "wire/rtp_header.h"

namespace {

using namespace cloister;
using videobridge::transport::Srtp;
using videobridge::transport::SrtpKeys;
using videobridge::transport::SrtpProfile;

constexpr std::size_t kPacket = 1200;
using Buffer = std::array<std::byte, 2048>;

void write_packet(Buffer& buffer, std::uint16_t sequence) {
  wire::RtpHeader header;
  header.payload_type = 100;
  header.sequence = sequence;
  header.ssrc = Ssrc{7};
  ByteWriter out{buffer};
  wire::write_rtp_header(out, header, wire::HasExtension::no);
}

SrtpKeys keys(SrtpProfile profile) {
  SrtpKeys out;
  out.profile = profile;
  out.send.key.fill(std::byte{0x17});
  out.send.salt.fill(std::byte{0x71});
  out.receive = out.send;
  return out;
}

void protect(benchmark::State& state, SrtpProfile profile) {
  Srtp srtp(keys(profile));
  Buffer buffer{};
  std::uint16_t sequence = 0;
  for (auto _ : state) {
    write_packet(buffer, sequence++);
    benchmark::DoNotOptimize(srtp.protect_rtp(buffer, kPacket));
  }
}
BENCHMARK_CAPTURE(protect, gcm, SrtpProfile::aead_aes_128_gcm);
BENCHMARK_CAPTURE(protect, cm_sha1_80, SrtpProfile::aes128_cm_sha1_80);

// Opening changes the packet and remembers its number: each round opens a fresh one, whose copy is part of
// the measure (13 ns).
void unprotect(benchmark::State& state, SrtpProfile profile) {
  Srtp sender(keys(profile));
  std::vector<Buffer> sealed(60000);
  std::size_t length = 0;
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    write_packet(sealed[i], static_cast<std::uint16_t>(i));
    length = sender.protect_rtp(sealed[i], kPacket).value();
  }
  std::optional<Srtp> receiver(std::in_place, keys(profile));
  std::size_t next = 0;
  Buffer buffer{};
  for (auto _ : state) {
    if (next == sealed.size()) {
      state.PauseTiming();
      receiver.emplace(keys(profile));
      next = 0;
      state.ResumeTiming();
    }
    std::memcpy(buffer.data(), sealed[next++].data(), length);
    if (!receiver->unprotect_rtp(std::span(buffer).first(length))) state.SkipWithError("not authentic");
  }
}
BENCHMARK_CAPTURE(unprotect, gcm, SrtpProfile::aead_aes_128_gcm)->Iterations(200'000);
BENCHMARK_CAPTURE(unprotect, cm_sha1_80, SrtpProfile::aes128_cm_sha1_80)->Iterations(100'000);

void protect_libsrtp2(benchmark::State& state, void (*set_policy)(srtp_crypto_policy_t*)) {
  srtp_init();
  srtp_policy_t policy{};
  set_policy(&policy.rtp);
  set_policy(&policy.rtcp);
  std::array<unsigned char, SRTP_MAX_KEY_LEN> key{};
  key.fill(0x17);
  policy.key = key.data();
  policy.ssrc.type = ssrc_any_outbound;
  srtp_t session = nullptr;
  srtp_create(&session, &policy);
  Buffer buffer{};
  std::uint16_t sequence = 0;
  for (auto _ : state) {
    write_packet(buffer, sequence++);
    int length = kPacket;
    if (srtp_protect(session, buffer.data(), &length) != srtp_err_status_ok)
      state.SkipWithError("not protected");
  }
  srtp_dealloc(session);
}
BENCHMARK_CAPTURE(protect_libsrtp2, gcm, srtp_crypto_policy_set_aes_gcm_128_16_auth);
BENCHMARK_CAPTURE(protect_libsrtp2, cm_sha1_80, srtp_crypto_policy_set_rtp_default);

void protect_openssl(benchmark::State& state) {
  bench::Gcm gcm(1);
  Buffer buffer{};
  std::uint16_t sequence = 0;
  for (auto _ : state) {
    write_packet(buffer, sequence++);
    benchmark::DoNotOptimize(gcm.protect(buffer, kPacket));
  }
}
BENCHMARK(protect_openssl);

}  // namespace
