// `cloister status`, as it is read by people and by programs.
#include "cli/status/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <sstream>

namespace cloister::cli::status {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const auto kNow = std::chrono::system_clock::from_time_t(1'764'000'000);  // 2025-11-24 16:00 UTC

Status healthy() {
  return {
      .services = {{"nginx", machine::UnitState{"loaded", "active", kNow - 24h, 0}},
                   {"prosody", machine::UnitState{"loaded", "active", kNow - 1h, 1}}                     },
      .meetings = machine::Totals{.meetings = 1,                                                    .participants = 14  },
      .certificate = net::CertificateFacts{"R11",                                                            {"meet.example.org"}, kNow + 71 * 24h},
      .updates = machine::Updates{{"libssl3", "tzdata"},                                                                1                                                               },
      .restart_needed = false,
      .disk = machine::Space{.total = 20'000'000'000,                                                                .free = 12'300'000'000},
      .memory = machine::Space{.total = 4'000'000'000,                                                                .free = 2'000'000'000                                                                },
      .now = kNow
  };
}
Status blind() {
  const auto why = [] { return fail(std::string("nobody told")); };
  return {.services = {{"nginx", why()}},
          .meetings = why(),
          .certificate = why(),
          .updates = why(),
          .restart_needed = true,
          .disk = why(),
          .memory = why(),
          .now = kNow};
}
std::string text_of(const Status& status) {
  std::ostringstream out;
  print_text(out, status);
  return out.str();
}

TEST(Status, TellsPeople) {
  EXPECT_EQ(text_of(healthy()),
            "nginx                runs since 2025-11-23 16:00 UTC\n"
            "prosody              runs since 2025-11-24 15:00 UTC, restarted 1 time\n"
            "\n"
            "Meetings             1 meeting, 14 participants\n"
            "Certificate          meet.example.org: 71 days left (until 2026-02-03), by R11\n"
            "Updates              2 pending, 1 of them for security\n"
            "Restart              not needed\n"
            "Disk                 39 % used, 12.3 GB free of 20.0 GB\n"
            "Memory               50 % used, 2.0 GB free of 4.0 GB\n");
  EXPECT_TRUE(healthy().all_run());
}

TEST(Status, SaysOfEachPartWhyItIsNotKnown) {
  const std::string text = text_of(blind());
  for (const char* line :
       {"nginx                unknown: nobody told", "Meetings             unknown: nobody told",
        "Certificate          unknown: nobody told", "Updates              unknown: nobody told",
        "Restart              NEEDED", "Disk                 unknown: nobody told"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_FALSE(blind().all_run());
}

TEST(Status, SaysThatACertificateHasEnded) {
  Status status = healthy();
  status.certificate->ends = kNow - 1h;
  EXPECT_THAT(text_of(status), HasSubstr("meet.example.org: ENDED on 2025-11-24"));
}

TEST(Status, SaysWhichServiceDoesNotRun) {
  Status status = healthy();
  status.services[0].state->active = "failed";
  status.services[1].state->load = "not-found";
  EXPECT_THAT(text_of(status), HasSubstr("nginx                failed since"));
  EXPECT_THAT(text_of(status), HasSubstr("prosody              not installed"));
  EXPECT_FALSE(status.all_run());
}

TEST(Status, TellsPrograms) {
  std::ostringstream out;
  print_json(out, healthy());
  const auto json = boost::json::parse(out.str()).as_object();
  EXPECT_EQ(json.at("services").at("prosody").at("restarts").to_number<int>(), 1);
  EXPECT_EQ(json.at("meetings").at("participants").to_number<int>(), 14);
  EXPECT_EQ(json.at("certificate").at("days_left").to_number<int>(), 71);
  EXPECT_EQ(json.at("disk").at("free").to_number<std::int64_t>(), 12'300'000'000);
  std::ostringstream nothing;
  print_json(nothing, blind());
  EXPECT_EQ(boost::json::parse(nothing.str()).at("meetings").at("unknown").as_string(), "nobody told");
}

}  // namespace
}  // namespace cloister::cli::status
