#include "wire/header_extension.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

using Elements = std::vector<std::pair<int, std::vector<std::byte>>>;

Elements read(std::uint16_t profile, Bytes block) {
  Elements out;
  ExtensionReader elements(profile, block);
  while (const auto element = elements.next())
    out.push_back({
        element->id, {element->data.begin(), element->data.end()}
    });
  return out;
}

struct Case {
  const char* what;
  std::uint16_t profile;
  const char* block;
  Elements elements;
};

// Checklist: 107
TEST(HeaderExtension, ReadsBothForms) {
  const Case cases[] = {
      {"one byte of data and padding",             0xbede, "10ff0000",                                   {{1, hex("ff")}}                  },
      {"padding between elements",                 0xbede, "10ff0000 31aabb00",                          {{1, hex("ff")}, {3, hex("aabb")}}},
      {"sixteen bytes",
       0xbede,                                             "2f 000102030405060708090a0b0c0d0e0f 000000",
       {{2, hex("000102030405060708090a0b0c0d0e0f")}}                                                                                      },
      {"the reserved id 15 ends it",               0xbede, "10ff f000 20aa0000",                         {{1, hex("ff")}}                  },
      {"an element longer than the block ends it", 0xbede, "10ff 23aa",                                  {{1, hex("ff")}}                  },
      {"two-byte form with an empty element",      0x1000, "0500 1002aabb 00000000",                     {{5, {}}, {16, hex("aabb")}}      },
      {"two-byte form with application bits",      0x100a, "0101ff00",                                   {{1, hex("ff")}}                  },
      {"two-byte form cut off in the length",      0x1000, "0101ff 07",                                  {{1, hex("ff")}}                  },
      {"two-byte form cut off in the data",        0x1000, "0105ff00",                                   {}                                },
      {"an unknown profile",                       0x1234, "10ff0000",                                   {}                                },
      {"nothing",                                  0xbede, "",                                           {}                                },
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.profile, hex(c.block)), c.elements) << c.what;
}

TEST(HeaderExtension, WritesWhatItReads) {
  using Form = ExtensionWriter::Form;
  const Elements elements{
      {1, hex("ff")  },
      {5, hex("0102")}
  };
  for (const Form form : {Form::one_byte, Form::two_byte}) {
    std::array<std::byte, 64> room{};
    ByteWriter out(room);
    ExtensionWriter block(out, form);
    for (const auto& [id, data] : elements) block.add(static_cast<std::uint8_t>(id), data);
    block.finish();
    ASSERT_TRUE(out.ok());
    EXPECT_EQ(out.size() % 4, 0U);
    EXPECT_EQ(get_u16(out.written(), 2), out.size() / 4 - 1);
    EXPECT_EQ(read(get_u16(out.written(), 0), out.written().subspan(4)), elements);
  }
}

TEST(HeaderExtension, NoRoomTurnsTheWriterBad) {
  std::array<std::byte, 6> room{};
  ByteWriter out(room);
  ExtensionWriter block(out, ExtensionWriter::Form::one_byte);
  block.add(1, hex("01020304"));
  block.finish();
  EXPECT_FALSE(out.ok());
}

}  // namespace
}  // namespace cloister::wire
