#include "cli/machine/program.h"

#include <gtest/gtest.h>

namespace cloister::cli::machine {
namespace {

using namespace std::chrono_literals;

TEST(Program, TellsWhatItSaidAndHowItEnded) {
  const auto ended = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->status, 3);
  EXPECT_EQ(ended->output, "out\n");
  EXPECT_EQ(ended->errors, "err\n");
}

TEST(Program, SpeaksEnglishAndGetsNoInput) {
  const auto ended = run_program({"sh", "-c", "cat; echo $LC_ALL"}, 10s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output, "C\n");
}

TEST(Program, ReadsWhatItIsGiven) {
  const auto ended = run_program({"cat"}, 10s, Personal(std::string("two\nlines\n")));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output, "two\nlines\n");
}

TEST(Program, ThatSaysMuchIsReadToItsEnd) {
  const auto ended =
      run_program({"sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"}, 10s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->output.size(), 1'000'000U);
  EXPECT_EQ(ended->errors.size(), 1'000'000U);
}

TEST(Program, ThatDoesNotEndIsEnded) {
  const auto ended = run_program({"tail", "-f", "/dev/null"}, 1s);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, std::errc::timed_out);
}

TEST(Program, ThatIsNotThereIsSaid) {
  const auto ended = run_program({"no-program-of-this-name"}, 1s);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace cloister::cli::machine
