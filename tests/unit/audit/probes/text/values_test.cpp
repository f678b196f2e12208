#include "audit/probes/text/values.h"

#include <gmock/gmock.h>

namespace cloister::audit::probes {
namespace {

using ::testing::ElementsAre;

TEST(Values, KeepEmptyFields) {
  EXPECT_THAT(fields_of("root::0:", ':'), ElementsAre("root", "", "0", ""));
  EXPECT_THAT(fields_of("", ':'), ElementsAre(""));
}

TEST(Values, AreWholeNumbersOrNone) {
  EXPECT_EQ(number("-1"), -1);
  EXPECT_EQ(number("0750", 8), 0750);
  for (const auto* none : {"", "12 ", "0x1", "99999999999999999999"}) EXPECT_FALSE(number(none)) << none;
}

TEST(Values, CompareWithoutCase) { EXPECT_EQ(lower("PermitRootLogin"), "permitrootlogin"); }

}  // namespace
}  // namespace cloister::audit::probes
