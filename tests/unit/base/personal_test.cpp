#include "base/personal.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "base/ids.h"
#include "base/socket_address.h"

namespace cloister {
namespace {

// Long enough to live on the heap, unlikely enough to be nowhere else.
constexpr std::string_view kSecret = "canary-7c1f-alice@example.org-canary";

int blocks_freed_with_the_secret = 0;

void look_into(void* memory) {
  if (memory == nullptr) return;
  const std::string_view block(static_cast<const char*>(memory), malloc_usable_size(memory));
  if (block.find(kSecret) != std::string_view::npos) ++blocks_freed_with_the_secret;
}

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(Streamable<std::string>);
static_assert(!Streamable<Personal<std::string>>);
static_assert(!Streamable<EndpointId> && !Streamable<MeetingId> && !Streamable<SourceName>);
static_assert(!Streamable<SocketAddress>);
static_assert(fmt::is_formattable<std::string>::value);
static_assert(!fmt::is_formattable<Personal<std::string>>::value);
static_assert(!fmt::is_formattable<EndpointId>::value && !fmt::is_formattable<MeetingId>::value);
static_assert(!fmt::is_formattable<SocketAddress>::value);
static_assert(!std::is_convertible_v<Personal<std::string>, std::string>);
static_assert(!std::is_convertible_v<EndpointId, MeetingId>, "ids do not mix");

}  // namespace
}  // namespace cloister

// NOLINTBEGIN: sees what the test binary gives back to the heap.
void* operator new(std::size_t size) {
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  cloister::look_into(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
// NOLINTEND

namespace cloister {
namespace {

class PersonalOnTheHeap : public testing::Test {
protected:
  void SetUp() override { blocks_freed_with_the_secret = 0; }
  // Made character by character, so that no other copy passes through the heap.
  static std::string secret() {
    std::string text;
    text.reserve(kSecret.size());
    text.append(kSecret);
    return text;
  }
};

TEST_F(PersonalOnTheHeap, AnOrdinaryStringLeavesItsTextBehind) {
  { const std::string text = secret(); }
  EXPECT_EQ(blocks_freed_with_the_secret, 1) << "the test cannot see what it should see";
}

TEST_F(PersonalOnTheHeap, IsWipedWhenItDies) {
  { const Personal<std::string> name(secret()); }
  EXPECT_EQ(blocks_freed_with_the_secret, 0);
}

TEST_F(PersonalOnTheHeap, IsWipedWhenItIsOverwritten) {
  Personal<std::string> name(secret());
  name = Personal<std::string>(std::string(200, 'x'));
  Personal<std::string> other(secret());
  const Personal<std::string> longer(std::string(300, 'y'));
  other = longer;
  EXPECT_EQ(blocks_freed_with_the_secret, 0);
}

TEST_F(PersonalOnTheHeap, ItsCopiesAndItsMovedRestAreWipedToo) {
  {
    EndpointId first{secret()};
    EndpointId copy = first;
    const EndpointId moved = std::move(first);
    EXPECT_EQ(copy.expose(), kSecret);
    EXPECT_EQ(moved.expose(), kSecret);
    EXPECT_EQ(first.expose(), "");  // NOLINT(bugprone-use-after-move): that it is empty is the promise
  }
  EXPECT_EQ(blocks_freed_with_the_secret, 0);
}

TEST(Personal, ShortTextInsideTheObjectIsWiped) {
  alignas(EndpointId) std::array<char, sizeof(EndpointId)> storage{};
  auto* id = new (storage.data()) EndpointId(std::string("abcd1234"));
  ASSERT_NE(std::string_view(storage.data(), storage.size()).find("abcd1234"), std::string_view::npos);
  id->~EndpointId();
  EXPECT_EQ(std::string_view(storage.data(), storage.size()).find("abcd"), std::string_view::npos);
}

TEST(Personal, PlainValuesAreWiped) {
  using Key = Personal<std::array<std::uint8_t, 16>>;
  alignas(Key) std::array<std::uint8_t, sizeof(Key)> storage{};
  std::array<std::uint8_t, 16> value;
  value.fill(0xa5);
  auto* key = new (storage.data()) Key(value);
  ASSERT_EQ(storage[3], 0xa5);
  key->~Key();
  EXPECT_EQ(storage, (std::array<std::uint8_t, sizeof(Key)>{}));
}

TEST(Personal, WipesAStringBehindItsEndToo) {
  std::string text(64, 's');
  const char* memory = text.data();
  text.resize(3);
  wipe(text);
  EXPECT_TRUE(text.empty());
  ASSERT_EQ(text.data(), memory) << "wiping must not move the text";
  text.resize(64, '-');  // within the capacity; the first 64 bytes are ours again
  EXPECT_EQ(text.find('s'), std::string::npos);
}

TEST(Personal, ComparesAndHashesByValue) {
  const EndpointId a(std::string("a"));
  const EndpointId b(std::string("b"));
  EXPECT_TRUE(a == EndpointId(std::string("a")));
  EXPECT_TRUE(a < b);
  EXPECT_EQ(std::hash<EndpointId>()(a), std::hash<EndpointId>()(EndpointId(std::string("a"))));
}

}  // namespace
}  // namespace cloister
