// An auditor gets a file and a public key. Whatever somebody does to the file, it shows.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>

#include "audit/evidence/bundle.h"
#include "audit/evidence/store.h"
#include "audit/reports/json.h"
#include "support/temporary_folder.h"

namespace cloister::audit::evidence {
namespace {

engine::Report report_where(model::Verdict verdict) {
  engine::Report report;
  report.machine = "running";
  report.checks.push_back({.id = "x",
                           .title = "t",
                           .why = "w",
                           .cis = {},
                           .level = 1,
                           .verdict = verdict,
                           .reason = {},
                           .evidence = {},
                           .exception = {},
                           .role = {}});
  return report;
}

class Evidence : public testing::Test {
protected:
  // Runs on three days: it fails, fails, and passes.
  Evidence() {
    auto store = *Store::open(folder_ / "evidence.db");
    for (const auto& [day, verdict] : {std::pair("2026-11-01T08:00:00Z", model::Verdict::fail),
                                       std::pair("2026-11-02T08:00:00Z", model::Verdict::fail),
                                       std::pair("2026-11-03T08:00:00Z", model::Verdict::pass)})
      EXPECT_TRUE(store->add(reports::json_text(report_where(verdict)), key_, {day, "meet"}));
    bundle_ = *store->bundle();
  }

  std::string verdict(const Bundle& bundle) const {
    const auto verified = verify(bundle, key_.public_key());
    return verified ? "verified" : verified.error();
  }
  std::string after(const std::function<void(Bundle&)>& change) const {
    Bundle changed = bundle_;
    change(changed);
    return verdict(changed);
  }

  support::TemporaryFolder folder_;
  SigningKey key_ = SigningKey::make();
  Bundle bundle_;
};

TEST_F(Evidence, TravelsAsAFileAndProvesItselfElsewhere) {
  const auto arrived = parse_bundle(json_text(bundle_));
  ASSERT_TRUE(arrived);
  EXPECT_EQ(*arrived, bundle_);
  const auto public_key = PublicKey::parse(key_.public_key().pem());
  ASSERT_TRUE(public_key);
  const auto report = verify(*arrived, *public_key);
  ASSERT_TRUE(report) << report.error();
  EXPECT_EQ(*report, report_where(model::Verdict::pass));
}

TEST_F(Evidence, ShowsWhateverWasChanged) {
  EXPECT_EQ(verdict(bundle_), "verified");
  EXPECT_EQ(after([](Bundle& b) { b.report.replace(b.report.find("\"pass\""), 6, "\"fail\""); }),
            "the report is not the one that was signed");
  EXPECT_EQ(after([](Bundle& b) { b.chain[1].time = "2026-11-02T09:00:00Z"; }),
            "the signature of run 2 is wrong");
  EXPECT_EQ(after([](Bundle& b) { b.chain[2].host = "other"; }), "the signature of run 3 is wrong");
  EXPECT_EQ(after([](Bundle& b) { b.chain.erase(b.chain.begin() + 1); }), "run 3 is where run 2 must be");
  EXPECT_EQ(after([](Bundle& b) { b.chain.erase(b.chain.begin()); }), "run 2 is where run 1 must be");
  EXPECT_EQ(after([](Bundle& b) { std::swap(b.chain[0], b.chain[1]); }), "run 2 is where run 1 must be");
  EXPECT_EQ(after([](Bundle& b) { b.chain.pop_back(); }), "the report is not the one that was signed");
  EXPECT_EQ(after([](Bundle& b) { b.chain.clear(); }), "the chain is empty");
}

TEST_F(Evidence, ShowsARunThatWasSignedAnewInThePlaceOfAnother) {
  // Whoever has the key signs an earlier run again: the later ones still name the old one.
  EXPECT_EQ(after([this](Bundle& b) {
              b.chain[1] = signed_entry(key_, {"2026-11-02T08:00:00Z", "meet"}, "{}", &b.chain[0]);
            }),
            "run 3 does not follow the one before it");
}

TEST_F(Evidence, OfAnotherKeyIsRefused) {
  const auto other = SigningKey::make().public_key();
  EXPECT_EQ(verify(bundle_, other).error(), "run 1 was signed with another key");
  Bundle claimed = bundle_;
  for (Entry& entry : claimed.chain) entry.key = other.id();
  EXPECT_EQ(verify(claimed, other).error(), "the signature of run 1 is wrong");
}

TEST_F(Evidence, OfAnEarlierRunHasTheChainUpToIt) {
  auto store = *Store::open(folder_ / "evidence.db");
  const auto second = store->bundle(2);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->chain.size(), 2U);
  EXPECT_EQ(verdict(*second), "verified");
  EXPECT_EQ(store->bundle(4).error().code, std::errc::no_such_file_or_directory);
}

TEST_F(Evidence, IsReadByItsOwnerAlone) {
  struct stat about {};
  ASSERT_EQ(stat((folder_ / "evidence.db").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  ASSERT_EQ(chmod((folder_ / "evidence.db").c_str(), 0644), 0);
  EXPECT_EQ(Store::open(folder_ / "evidence.db").error().code, std::errc::permission_denied);
}

TEST(Keys, ComeBackFromTheirFiles) {
  const auto key = SigningKey::make();
  const auto again = SigningKey::parse(key.pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key().id(), key.public_key().id());
  EXPECT_TRUE(key.public_key().verifies("text", again->sign("text")));
  EXPECT_FALSE(key.public_key().verifies("texts", again->sign("text")));
  EXPECT_FALSE(key.public_key().verifies("text", "00"));
  EXPECT_FALSE(SigningKey::parse(key.public_key().pem()));
  EXPECT_FALSE(PublicKey::parse("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"));
}

TEST(Keys, SignAsTheStandardSays) {
  // RFC 8032 §7.1, test 2: the seed wrapped as PKCS #8 (RFC 8410 §7).
  const auto key = SigningKey::parse(
      "-----BEGIN PRIVATE "
      "KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n-----END PRIVATE "
      "KEY-----\n");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->sign("\x72"),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb0"
            "0d291612bb0c00");
}

TEST(Bundle, RefusesWhatIsNone) {
  for (const char* const text : {"", "[]", "{}", R"({"format":"cloister-audit-evidence/1"})",
                                 R"({"format":"cloister-audit-evidence/1","chain":[{}],"report":""})",
                                 R"({"format":"cloister-audit-evidence/1","chain":[],"report":"","more":1})"})
    EXPECT_FALSE(parse_bundle(text)) << text;
}

}  // namespace
}  // namespace cloister::audit::evidence
