// What Cloister's own probes see of an invented installation.
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "audit/probes/product/probes.h"
#include "sqlite/database.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::asked_with;
using support::MachineTree;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

constexpr const char* kSettings =
    "public: {host: meet.example.org, port: 8443}\nfiles: {certificate: "
    "/etc/cloister/tls/live/fullchain.pem}\n";

// A certificate that ends so many seconds from now.
std::string certificate(long seconds) {
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  X509* const made = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(made), -1000);
  X509_gmtime_adj(X509_getm_notAfter(made), seconds);
  X509_set_pubkey(made, key);
  X509_sign(made, key, EVP_sha256());
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, made);
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(length));
  BIO_free(bio);
  X509_free(made);
  EVP_PKEY_free(key);
  return pem;
}

std::string left_of(long seconds) {
  MachineTree tree;
  tree.with("/etc/cloister/cloister.yaml", kSettings)
      .with("/etc/cloister/tls/live/fullchain.pem", certificate(seconds));
  const auto system = tree.unpacked();
  return observe_certificate(system, {}).facts.at(1).value;
}

TEST(Certificate, SaysWhetherItEndsSoon) {
  constexpr long kDay = 24L * 3600;
  EXPECT_EQ(left_of(15 * kDay), "14 days or more");
  EXPECT_EQ(left_of(13 * kDay), "less than 14 days");
  EXPECT_EQ(left_of(-1), "nothing");
}

TEST(Certificate, ThatIsNoneIsNotTakenForOne) {
  MachineTree tree;
  EXPECT_EQ(observe_certificate(tree.unpacked(), {}).state, State::absent);
  tree.with("/etc/cloister/cloister.yaml", kSettings);
  EXPECT_EQ(observe_certificate(tree.unpacked(), {}).state, State::absent);
  tree.with("/etc/cloister/tls/live/fullchain.pem", "text");
  EXPECT_EQ(observe_certificate(tree.unpacked(), {}).state, State::unreadable);
  tree.with("/etc/cloister/cloister.yaml", "public: [");
  EXPECT_EQ(observe_certificate(tree.unpacked(), {}).state, State::unreadable);
}

TEST(Sandbox, IsWhatUnitAndDropInsSayTogether) {
  MachineTree tree;
  tree.with("/etc/systemd/system/x.service",
            "[Unit]\nNoNewPrivileges=no\n[Service]\nExecStart=/"
            "x\nNoNewPrivileges=yes\nCapabilityBoundingSet=CAP_SYS_ADMIN\n"
            "SystemCallFilter=@system-service\n")
      .with("/etc/systemd/system/x.service.d/sandbox.conf",
            "[Service]\nCapabilityBoundingSet=\nSystemCallFilter=~@mount\nStandardError=null\n");
  const auto system = tree.unpacked();
  const auto seen = observe_sandbox(system, asked("x.service"));
  EXPECT_EQ(seen.state, State::observed);
  EXPECT_THAT(seen.facts,
              AllOf(Contains(Fact{"NoNewPrivileges", "yes"}), Contains(Fact{"CapabilityBoundingSet", "none"}),
                    Contains(Fact{"SystemCallFilter", "@system-service ~@mount"}),
                    Contains(Fact{"StandardOutput", "journal"}), Contains(Fact{"StandardError", "null"}),
                    Contains(Fact{"User", "root"}), Not(Contains(Fact{"ExecStart", "/x"}))));
  EXPECT_EQ(observe_sandbox(system, asked("y.service")).state, State::absent);
}

TEST(Hosts, AreCountedWithoutANameAndWithoutAChange) {
  MachineTree tree;
  tree.with("/db");
  const auto system = tree.unpacked();
  const std::string place = "/proc/self/fd/" + std::to_string(system.root()) + "/db";
  {
    sqlite::Database gate(place);
    gate.run(
        "CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT, enabled INTEGER);"
        "CREATE TABLE second_factors (host INTEGER PRIMARY KEY);"
        "INSERT INTO hosts VALUES (1, 'ann', 1), (2, 'bob', 1), (3, 'eve', 0); INSERT INTO second_factors "
        "VALUES (1);");
    EXPECT_THAT(observe_hosts(system, asked("/db")).facts,
                ElementsAre(Fact{"hosts", "2"}, Fact{"without_second_factor", "1"}))
        << "while the gate has it open";
  }
  EXPECT_THAT(observe_hosts(system, asked("/db")).facts,
              ElementsAre(Fact{"hosts", "2"}, Fact{"without_second_factor", "1"}));
  EXPECT_THAT(*tree.unpacked().list("/"), ElementsAre("db")) << "no log is left beside it";
  EXPECT_EQ(observe_hosts(system, asked("/none")).state, State::absent);
  tree.with("/text",
            "this is no database, and long enough to be seen as none by whoever looks at its first hundred "
            "bytes .....");
  EXPECT_EQ(observe_hosts(system, asked("/text")).state, State::unreadable);
}

TEST(Web, IsAskedOnceForAllThatItsChecksWant) {
  MachineTree tree;
  tree.with("/etc/cloister/cloister.yaml", kSettings);
  int visits = 0;
  Doors doors;
  doors.web = [&visits](const std::string& host, std::uint16_t port) -> Result<WebServer, SystemError> {
    ++visits;
    EXPECT_EQ(host, "meet.example.org");
    EXPECT_EQ(port, 8443);
    return WebServer{
        {"TLSv1.2", "TLSv1.3"},
        {"A"        },
        {{"server", "nginx"}}
    };
  };
  const auto system = tree.running(doors);
  EXPECT_THAT(observe_web(system, asked("tls_versions")).facts,
              ElementsAre(Fact{"version", "TLSv1.2"}, Fact{"version", "TLSv1.3"}));
  EXPECT_THAT(observe_web(system, asked("tls_suites")).facts, ElementsAre(Fact{"suite", "A"}));
  EXPECT_THAT(observe_web(system, asked_with({
                                      {"header", {"server"}}
  }))
                  .facts,
              ElementsAre(Fact{"server", "nginx"}));
  EXPECT_EQ(observe_web(system, asked_with({
                                    {"header", {"x"}}
  }))
                .state,
            State::absent);
  EXPECT_EQ(visits, 1);
}

TEST(Web, NeedsARunningSystemWithAWebServer) {
  MachineTree tree;
  EXPECT_EQ(observe_web(tree.unpacked(), asked("tls_versions")).state, State::absent)
      << "Cloister is not installed";
  tree.with("/etc/cloister/cloister.yaml", kSettings);
  EXPECT_EQ(observe_web(tree.unpacked(), asked("tls_versions")).state, State::not_running);
  Doors doors;
  doors.web = [](const std::string&, std::uint16_t) -> Result<WebServer, SystemError> {
    return fail(
        SystemError{std::make_error_code(std::errc::connection_refused), "connecting to the web server"});
  };
  EXPECT_EQ(observe_web(tree.running(doors), asked("tls_versions")).state, State::absent);
}

}  // namespace
}  // namespace cloister::audit::probes
