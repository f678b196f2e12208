#include "support/allocation_counter.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <thread>

namespace cloister::support {
namespace {

// Takes a block and gives it back, seen by the compiler as used.
void use(void* memory) {
  asm volatile("" : : "g"(memory) : "memory");
  std::free(memory);
}

class Allocations : public testing::Test {
protected:
  void SetUp() override {
    if (!counts_allocations()) GTEST_SKIP() << "the sanitizers own malloc";
  }
};

TEST_F(Allocations, AreSeenWhoeverMakesThem) {
  const std::uint64_t before = allocations_here();
  auto made = std::make_unique<std::array<char, 100>>();
  EXPECT_EQ(allocations_here(), before + 1);
  OPENSSL_free(OPENSSL_malloc(50));
  EXPECT_EQ(allocations_here(), before + 2);
  use(std::calloc(3, 7));
  EXPECT_EQ(allocations_here(), before + 3);
  made.reset();
  EXPECT_EQ(allocations_here(), before + 3) << "giving back is no allocation";
}

TEST_F(Allocations, AreCountedByThread) {
  const std::uint64_t before = allocations_here();
  std::uint64_t there = 0;
  pid_t thread = 0;
  std::thread other([&] {
    thread = gettid();
    const std::uint64_t at_first = allocations_of(thread);
    for (int i = 0; i < 10; ++i) use(std::malloc(10));
    there = allocations_of(thread) - at_first;
  });
  other.join();
  EXPECT_EQ(there, 10U);
  EXPECT_GE(allocations_of(thread), 10U) << "kept after its end";
  EXPECT_LT(allocations_here() - before, 10U);
}

}  // namespace
}  // namespace cloister::support
