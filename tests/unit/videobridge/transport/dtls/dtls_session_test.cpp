#include "videobridge/transport/dtls/dtls_session.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <deque>
#include <random>

#include "support/hex.h"

namespace cloister::videobridge::transport {
namespace {

struct End final : DtlsSession::Port {
  explicit End(std::shared_ptr<const Certificate> its)
      : certificate(std::move(its)), session(certificate, *this, drops) {}
  void send_dtls(Bytes datagram) override { sent.emplace_back(datagram.begin(), datagram.end()); }
  void on_application_data(Bytes data, TimePoint) override { received.emplace_back(as_text(data)); }

  std::shared_ptr<const Certificate> certificate;
  Drops drops;
  std::deque<std::vector<std::byte>> sent;
  std::vector<std::string> received;
  DtlsSession session;
};

class DtlsTest : public testing::Test {
protected:
  void start(std::vector<Fingerprint> of_client, std::vector<Fingerprint> of_server) {
    server_.session.start(DtlsRole::server, std::move(of_client), now_);
    client_.session.start(DtlsRole::client, std::move(of_server), now_);
  }
  void start() { start({client_.certificate->fingerprint()}, {server_.certificate->fingerprint()}); }
  void exchange() {
    while (!client_.sent.empty() || !server_.sent.empty()) {
      carry(client_, server_);
      carry(server_, client_);
    }
  }
  void carry(End& from, End& to) {
    for (const auto& datagram : std::exchange(from.sent, {})) {
      largest_ = std::max(largest_, datagram.size());
      to.session.on_datagram(datagram, now_);
    }
  }

  TimePoint now_{std::chrono::hours(1)};
  End server_{Certificate::generate()};
  End client_{Certificate::generate()};
  std::size_t largest_ = 0;
};

// Checklist: 88, 89, 90
TEST_F(DtlsTest, BothEndsDeriveMirroredKeysUnderGcm) {
  start();
  exchange();
  const auto server = server_.session.take_keys();
  const auto client = client_.session.take_keys();
  ASSERT_TRUE(server && client);
  EXPECT_EQ(server->profile, SrtpProfile::aead_aes_128_gcm);
  EXPECT_TRUE(server->send.key == client->receive.key && server->send.salt == client->receive.salt);
  EXPECT_TRUE(server->receive.key == client->send.key && server->receive.salt == client->send.salt);
  EXPECT_FALSE(server->send.key == server->receive.key);
  EXPECT_FALSE(server_.session.take_keys());
  EXPECT_LE(largest_, DtlsSession::kMtu);
}

// Checklist: 88, 89
TEST_F(DtlsTest, APeerThatOnlyKnowsTheOlderProfileGetsIt) {
  SSL_CTX_set_tlsext_use_srtp(client_.certificate->context(), "SRTP_AES128_CM_SHA1_80");
  start();
  exchange();
  EXPECT_EQ(server_.session.take_keys()->profile, SrtpProfile::aes128_cm_sha1_80);
  EXPECT_EQ(client_.session.take_keys()->profile, SrtpProfile::aes128_cm_sha1_80);
}

// Checklist: 88
TEST_F(DtlsTest, OurOrderOfProfilesDecidesNotTheClients) {
  SSL_CTX_set_tlsext_use_srtp(client_.certificate->context(),
                              "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM");
  start();
  exchange();
  EXPECT_EQ(server_.session.take_keys()->profile, SrtpProfile::aead_aes_128_gcm);
}

// As Chrome does with its post-quantum key share; in whatever order the fragments come.
// Checklist: 87
TEST_F(DtlsTest, AClientHelloInFragmentsIsPutTogether) {
  std::vector<unsigned char> names;
  for (int i = 0; i < 20; ++i) {
    names.push_back(100);
    names.insert(names.end(), 100, 'p');
  }
  SSL_CTX_set_alpn_protos(client_.certificate->context(), names.data(), static_cast<unsigned>(names.size()));
  start();
  ASSERT_GE(client_.sent.size(), 2U);
  std::ranges::reverse(client_.sent);
  exchange();
  EXPECT_EQ(server_.session.state(), DtlsSession::State::connected);
  EXPECT_EQ(client_.session.state(), DtlsSession::State::connected);
}

// Checklist: 86
TEST_F(DtlsTest, AnEarlyClientHelloIsKept) {
  client_.session.start(DtlsRole::client, {server_.certificate->fingerprint()}, now_);
  carry(client_, server_);
  EXPECT_TRUE(server_.sent.empty());
  server_.session.start(DtlsRole::server, {client_.certificate->fingerprint()}, now_);
  exchange();
  EXPECT_EQ(client_.session.state(), DtlsSession::State::connected);
}

// Checklist: 87
TEST_F(DtlsTest, EachLostFlightIsRepeatedByItsSender) {
  std::mt19937 random(3);
  const auto lose_half = [&](End& end) {
    std::erase_if(end.sent, [&](const auto&) { return random() % 2 == 0; });
  };
  start();
  for (int i = 0; i < 200; ++i) {
    lose_half(client_);
    carry(client_, server_);
    lose_half(server_);
    carry(server_, client_);
    now_ += 50ms;
    client_.session.on_wakeup(now_);
    server_.session.on_wakeup(now_);
  }
  EXPECT_EQ(client_.session.state(), DtlsSession::State::connected);
  EXPECT_EQ(server_.session.state(), DtlsSession::State::connected);
}

// Checklist: 95
TEST_F(DtlsTest, AnUnansweredHandshakeEndsAfterThirtySeconds) {
  client_.session.start(DtlsRole::client, {server_.certificate->fingerprint()}, now_);
  const TimePoint begin = now_;
  while (const auto due = client_.session.next_wakeup()) {
    now_ = *due;
    client_.session.on_wakeup(now_);
  }
  EXPECT_EQ(client_.session.state(), DtlsSession::State::failed);
  EXPECT_EQ(now_ - begin, DtlsSession::kHandshakeTimeout);
  EXPECT_LT(client_.sent.size(), 30U);
}

// Checklist: 84
TEST_F(DtlsTest, ACertificateOfAnotherIsRefusedByEitherEnd) {
  start({server_.certificate->fingerprint()}, {server_.certificate->fingerprint()});
  exchange();
  EXPECT_EQ(server_.session.state(), DtlsSession::State::failed);
  EXPECT_EQ(client_.session.state(), DtlsSession::State::failed);
  EXPECT_FALSE(server_.session.take_keys());
}

TEST_F(DtlsTest, ApplicationDataCrossesAndGarbageDoesNotEndTheSession) {
  start();
  exchange();
  for (const char* junk :
       {"17", "17fefd0001000000000001000401020304", "15fefd00000000000000010002022a", "16fefdffff"})
    server_.session.on_datagram(test::hex(junk), now_);
  client_.session.send_application_data(as_bytes("up"));
  server_.session.send_application_data(as_bytes("down"));
  exchange();
  EXPECT_EQ(server_.received, std::vector<std::string>{"up"});
  EXPECT_EQ(client_.received, std::vector<std::string>{"down"});
}

// Checklist: 85
TEST_F(DtlsTest, FingerprintsOfEveryKnownHashInAnyCaseAreAccepted) {
  const X509* certificate = SSL_CTX_get0_certificate(server_.certificate->context());
  for (const auto& [hash, digest] : {std::pair("SHA-256", EVP_sha256()), std::pair("sha-384", EVP_sha384()),
                                     std::pair("Sha-512", EVP_sha512())}) {
    SCOPED_TRACE(hash);
    std::string value = fingerprint_text(*certificate, *digest);
    std::ranges::transform(value, value.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    EXPECT_TRUE(matches_fingerprint(*certificate, {
                                                      {hash, value}
    }));
    EXPECT_TRUE(matches_fingerprint(*certificate, {
                                                      {hash, "00:11"},
                                                      {hash, value  }
    }));
    value[0] = value[0] == '0' ? '1' : '0';
    EXPECT_FALSE(matches_fingerprint(*certificate, {
                                                       {hash, value}
    }));
  }
  const std::string right = fingerprint_text(*certificate, *EVP_sha256());
  EXPECT_FALSE(matches_fingerprint(*certificate, {}));
  EXPECT_FALSE(
      matches_fingerprint(*certificate, {
                                            {"sha-1", fingerprint_text(*certificate, *EVP_sha1())}
  }));
  // The strongest offered hash decides, even when a weaker one would fit.
  EXPECT_FALSE(matches_fingerprint(*certificate, {
                                                     {"sha-256", right},
                                                     {"sha-512", right}
  }));
}

// Checklist: 96
TEST(CertificateSource, KeepsOneForADay) {
  CertificateSource source;
  const TimePoint start{std::chrono::hours(1)};
  const auto first = source.current(start);
  EXPECT_EQ(source.current(start + 23h), first);
  const auto second = source.current(start + 24h);
  EXPECT_NE(second, first);
  EXPECT_NE(second->fingerprint().value, first->fingerprint().value);
  EXPECT_EQ(first->fingerprint().value.size(), 32U * 3 - 1);
}

}  // namespace
}  // namespace cloister::videobridge::transport
