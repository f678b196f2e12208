// The reports against machines that keep their promises, and against such that do not.
#include "cli/report/reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "support/temporary_folder.h"

namespace cloister::cli::report {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Verdict = Evidence::Verdict;
using Files = std::map<std::string, std::string>;

const Files kHonest{
    {"/etc/nginx/nginx.conf",
     "error_log /dev/null crit;\nhttp {\n access_log off;\n ssl_protocols TLSv1.2 TLSv1.3;\n add_header "
     "Content-Security-Policy \"default-src 'none'; connect-src 'self'; x\" always;\n}\n"                                  },
    {"/etc/prosody/prosody.cfg.lua",
     "log = {} -- no sinks\ndefault_storage = \"memory\"\nmodules_disabled = { \"s2s\", \"offline\" }\n"
     "smacks_hibernation_time = 60\n\tmuc_room_allow_persistent = false\n\tmax_history_messages = 0\n"                     },
    {"/etc/turnserver.conf",                         "listening-port=3478\nno-stdout-log\nsimple-log\nlog-file=/dev/null\n"},
    {"/etc/cloister/config.js",                      "p2p: { enabled: false, x },\ndisableThirdPartyRequests: true,\n"     },
    {"/etc/cloister/focus.yaml",                     "hosts: {required: true}\n"                                           },
    {"/etc/cloister/gate.yaml",                      "state:\n  key_file: /etc/cloister/gate.key\n"                        },
    {"/etc/cloister/gate.key",                       "secret"                                                              },
    {"/var/lib/cloister/gate/hosts.sqlite3",         "database"                                                            },
    {"/etc/systemd/journald.conf.d/cloister.conf",   "[Journal]\nStorage=volatile\n"                                       },
    {"/etc/systemd/system/nginx.service.d/own.conf", "[Service]\nLimitCORE=0\n"                                            },
    {"/usr/lib/systemd/system/nginx.service",        "[Service]\nExecStart=/usr/sbin/nginx\n"                              },
    {"/proc/swaps",                                  "Filename Type Size Used Priority\n"                                  },
    {"/etc/apt/apt.conf.d/20auto-upgrades",          "APT::Periodic::Unattended-Upgrade \"1\";\n"                          },
};

class ReportsTest : public testing::Test {
protected:
  void lay_out(const Files& files) {
    for (const auto& [path, text] : files) {
      fs::create_directories(fs::path(folder_ / path.substr(1)).parent_path());
      std::ofstream(folder_ / path.substr(1)) << text;
      fs::permissions(folder_ / path.substr(1), fs::perms(0600));
    }
  }
  Evidence evidence(const std::string& id) {
    const auto system = audit::probes::System::at(folder_ / "");
    for (const Sentence& one : sentences())
      if (id == one.id) return one.check({installation_, *system});
    ADD_FAILURE() << id;
    return {};
  }
  Evidence after(const std::string& path, const std::string& text, const std::string& id) {
    lay_out(kHonest);
    lay_out({
        {path, text}
    });
    return evidence(id);
  }

  support::TemporaryFolder folder_;
  machine::Installation installation_{.open = {.host = "meet.example.org"},
                                      .relay = {.enabled = true},
                                      .files = {.firewall = "/no/firewall.yaml"},
                                      .services = {"nginx"}};
};

TEST_F(ReportsTest, EverySentenceThatFilesCanProveHoldsOnAnHonestMachine) {
  lay_out(kHonest);
  for (const Sentence& one : sentences()) {
    const std::string id = one.id;
    if (id == "bans-end" || id == "firewall-closed") continue;  // these ask the firewall
    const Evidence seen = evidence(id);
    EXPECT_EQ(seen.verdict, Verdict::holds) << id << ": " << seen.seen;
    EXPECT_FALSE(seen.seen.empty()) << id;
  }
}

TEST_F(ReportsTest, NothingIsClaimedOfAnEmptyMachine) {
  fs::create_directories(folder_ / "etc");
  for (const Sentence& one : sentences()) EXPECT_NE(evidence(one.id).verdict, Verdict::holds) << one.id;
}

TEST_F(ReportsTest, EachSentenceFallsWithItsSetting) {
  struct Case {
    const char* id;
    const char* file;
    const char* text;
  };
  const Case cases[] = {
      {"web-no-log",          "/etc/nginx/nginx.conf",
       "error_log /dev/null crit; http { access_log off; server { access_log /var/log/a; } }"                                                },
      {"web-no-log",          "/etc/nginx/nginx.conf",                       "http { access_log off; }"                                      },
      {"web-no-log",          "/etc/nginx/nginx.conf",                       "error_log /var/log/nginx/error.log; http { access_log off; }"  },
      {"encrypted",           "/etc/nginx/nginx.conf",                       "ssl_protocols TLSv1.1 TLSv1.2;"                                },
      {"nobody-else",         "/etc/nginx/nginx.conf",
       "add_header Content-Security-Policy \"default-src 'none'; connect-src *;\";"                                                          },
      {"nobody-else",         "/etc/cloister/config.js",                     "p2p: { enabled: false }"                                       },
      {"addresses-not-shown", "/etc/cloister/config.js",                     "p2p: { enabled: true }"                                        },
      {"xmpp-no-log",         "/etc/prosody/prosody.cfg.lua",                "log = { info = \"/var/log/prosody.log\" }"                     },
      {"rooms-in-memory",     "/etc/prosody/prosody.cfg.lua",                "default_storage = \"internal\""                                },
      {"chat-not-kept",       "/etc/prosody/prosody.cfg.lua",                "max_history_messages = 20"                                     },
      {"chat-not-kept",       "/etc/prosody/prosody.cfg.lua",
       "modules_enabled = { \"muc_mam\" }\nmax_history_messages = 0"                                                                         },
      {"not-recorded",        "/etc/prosody/prosody.cfg.lua",                "recorder_domain = \"jibri.example\""                           },
      {"vanished-forgotten",  "/etc/prosody/prosody.cfg.lua",                "smacks_hibernation_time = 86400"                               },
      {"relay-no-log",        "/etc/turnserver.conf",                        "log-file=/var/log/turn.log\nno-stdout-log\n"                   },
      {"relay-no-log",        "/etc/turnserver.conf",                        "log-file=/dev/null\nno-stdout-log\n"                           },
      {"journal-volatile",    "/etc/systemd/journald.conf.d/zz.conf",        "[Journal]\nStorage=persistent\n"                               },
      {"no-swap",             "/proc/swaps",                                 "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n"},
      {"no-core-dumps",       "/etc/systemd/system/nginx.service.d/zz.conf", "[Service]\nLimitCORE=infinity\n"                               },
      {"updates",             "/etc/apt/apt.conf.d/20auto-upgrades",         "APT::Periodic::Unattended-Upgrade \"0\";\n"                    },
  };
  for (const auto& [id, file, text] : cases) {
    const Evidence seen = after(file, text, id);
    EXPECT_EQ(seen.verdict, Verdict::contradicted) << id << ": " << text << ": " << seen.seen;
    fs::remove_all(folder_ / "etc/systemd");
  }
}

TEST_F(ReportsTest, AccountsThatOthersMayReadAreSaid) {
  lay_out(kHonest);
  fs::permissions(folder_ / "var/lib/cloister/gate/hosts.sqlite3", fs::perms(0644));
  EXPECT_EQ(evidence("accounts-sealed").verdict, Verdict::contradicted);
}

TEST_F(ReportsTest, WhatDoesNotHoldIsNotClaimedButSaid) {
  const Sentence& first = sentences().front();
  const std::vector<Judged> judged{
      {&first, contradicted("prosody.cfg.lua: default_storage = \"internal\"")}
  };
  const auto now = std::chrono::system_clock::from_time_t(1'764'000'000);
  for (const Document& document : {privacy_notice("meet.example.org", judged, now),
                                   record_of_processing("meet.example.org", judged, now)}) {
    const std::string text = as_markdown(document);
    EXPECT_THAT(text, HasSubstr("NOT TRUE on this server"));
    EXPECT_THAT(text, HasSubstr("default\\_storage = \"internal\""));
    EXPECT_THAT(text, Not(HasSubstr(std::string("- ") + first.text)));
    EXPECT_THAT(text, HasSubstr("of 1 statements 0 were found to hold"));
  }
}

TEST(Document, GivesSettingsNoMeaningInHtml) {
  const Document document{
      {Part::Kind::title, {"T"}       },
      {Part::Kind::item,  {"<script>"}},
      {Part::Kind::row,   {"a", "b"}  },
      {Part::Kind::row,   {"1", "&"}  }
  };
  EXPECT_THAT(as_html(document),
              HasSubstr("<ul>\n<li>&lt;script&gt;</li>\n</ul>\n<table>\n<tr><th>a</th><th>b</th></tr>\n"
                        "<tr><td>1</td><td>&amp;</td></tr>\n</table>\n"));
  EXPECT_EQ(as_markdown(document), "# T\n\n- \\<script\\>\n\n| a | b |\n|---|---|\n| 1 | & |\n");
}

}  // namespace
}  // namespace cloister::cli::report
