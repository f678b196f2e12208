#include "wire/h264.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

struct Case {
  const char* what;
  const char* payload;
  H264Start start;
};
constexpr Case kCases[] = {
    {"nothing",                               "",                       H264Start::unreadable},
    {"a sequence parameter set",              "67 42e01f",              H264Start::key_frame },
    {"a picture parameter set",               "68 ce38",                H264Start::other     },
    {"an IDR slice",                          "65 88",                  H264Start::key_frame },
    {"a slice",                               "41 9a",                  H264Start::other     },
    {"parameter sets together (STAP-A)",      "78 0002 6742 0002 68ce", H264Start::key_frame },
    {"slices together",                       "78 0002 419a 0001 06",   H264Start::other     },
    {"an aggregate that lies about a length", "78 0009 6742",           H264Start::unreadable},
    {"an aggregate of nothing",               "78 0000",                H264Start::unreadable},
    {"the first fragment of an IDR slice",    "7c 85 88",               H264Start::key_frame },
    {"a later one",                           "7c 05 88",               H264Start::other     },
    {"its last one",                          "7c 45 88",               H264Start::other     },
    {"the first fragment of a slice",         "5c 81 9a",               H264Start::other     },
    {"a fragment without its header",         "7c",                     H264Start::unreadable},
    {"the forbidden bit",                     "e7 42",                  H264Start::unreadable},
    {"an undefined type",                     "60 42",                  H264Start::unreadable},
    {"another undefined type",                "7f 42",                  H264Start::unreadable},
};

TEST(H264, TellsWhereKeyFramesStart) {
  for (const auto& [what, payload, start] : kCases) EXPECT_EQ(h264_start(hex(payload)), start) << what;
}

}  // namespace
}  // namespace cloister::wire
