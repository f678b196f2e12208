#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <regex>
#include <set>

namespace cloister {
namespace {

TEST(Random, TokensHaveTheirLengthAndAlphabet) {
  for (const std::size_t length : {0U, 1U, 4U, 32U, 33U, 200U}) {
    const std::string token = random_token(length);
    EXPECT_EQ(token.size(), length);
    EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"), std::string::npos);
  }
}

TEST(Random, TokensFavourNoCharacter) {
  constexpr int kCharacters = 72000;
  std::map<char, int> seen;
  for (const char c : random_token(kCharacters)) ++seen[c];
  ASSERT_EQ(seen.size(), 36U);
  // 2000 each are expected, with a standard deviation of 44. The bias of `byte % 36` would give a…d 2250.
  for (const auto& [character, count] : seen) EXPECT_NEAR(count, 2000, 6 * 44) << character;
  int first_four = 0;
  for (const char c : {'a', 'b', 'c', 'd'}) first_four += seen[c];
  EXPECT_NEAR(first_four, 8000, 6 * 85);
}

TEST(Random, ValuesDoNotRepeat) {
  std::set<std::uint64_t> numbers;
  std::set<std::string> texts;
  for (int i = 0; i < 1000; ++i) {
    numbers.insert(random_u64());
    texts.insert(random_token(16));
    texts.insert(random_uuid());
  }
  EXPECT_EQ(numbers.size(), 1000U);
  EXPECT_EQ(texts.size(), 2000U);
}

TEST(Random, EveryBitOfANumberIsAlive) {
  std::uint64_t ones = 0;
  std::uint64_t zeros = 0;
  std::uint32_t ones32 = 0;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t value = random_u64();
    ones |= value;
    zeros |= ~value;
    ones32 |= random_u32();
  }
  EXPECT_EQ(ones, ~std::uint64_t{0});
  EXPECT_EQ(zeros, ~std::uint64_t{0});
  EXPECT_EQ(ones32, ~std::uint32_t{0});
}

TEST(Random, FillsTheSpanAndNoMore) {
  std::array<std::byte, 66> memory{};
  fill_random(std::span(memory).subspan(1, 64));
  EXPECT_EQ(memory.front(), std::byte{0});
  EXPECT_EQ(memory.back(), std::byte{0});
  EXPECT_GT(std::set(memory.begin() + 1, memory.end() - 1).size(), 20U);
}

TEST(Random, UuidsAreOfVersion4) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(std::regex_match(random_uuid(), form));
}

}  // namespace
}  // namespace cloister
