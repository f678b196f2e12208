#include "audit/probes/text/text.h"

#include <gmock/gmock.h>

namespace cloister::audit::probes::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Text, NumbersItsLinesAsEditorsDo) {
  EXPECT_THAT(lines("one\n\n  three\r\n"), ElementsAre("one", "", "three"));
  EXPECT_THAT(lines("no newline at the end"), ElementsAre("no newline at the end"));
}

TEST(Text, SplitsAtBlanksAndKeepsEmptyFields) {
  EXPECT_THAT(words("  a \t b,c "), ElementsAre("a", "b,c"));
  EXPECT_THAT(words(" , a,,b ", " ,"), ElementsAre("a", "b"));
  EXPECT_THAT(words("   "), IsEmpty());
  EXPECT_THAT(fields("root::0", ':'), ElementsAre("root", "", "0"));
}

TEST(Text, HalvesAtTheFirstSeparator) {
  const auto found = halves(" key = a=b ", "=");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->before, "key");
  EXPECT_EQ(found->after, "a=b");
  EXPECT_FALSE(halves("word", "="));
}

TEST(Text, ReadsWholeNumbersOnly) {
  EXPECT_EQ(number("-1"), -1);
  EXPECT_EQ(number("0750", 8), 488);
  EXPECT_FALSE(number("12 "));
  EXPECT_FALSE(number(""));
  EXPECT_FALSE(number("99999999999999999999"));
}

TEST(Text, TakesQuotesOffInPairsOnly) {
  EXPECT_EQ(unquoted("\"a b\""), "a b");
  EXPECT_EQ(unquoted("'a'"), "a");
  EXPECT_EQ(unquoted("\"a'"), "\"a'");
  EXPECT_EQ(unquoted("\""), "\"");
}

}  // namespace
}  // namespace cloister::audit::probes::text
