#include "gate/secrets/base32.h"

#include <gtest/gtest.h>

namespace cloister::gate::secrets {
namespace {

// RFC 4648 §10, without the padding.
TEST(Base32, WritesTheVectorsOfTheRfc) {
  constexpr std::pair<std::string_view, std::string_view> kVectors[] = {
      {"",       ""          },
      {"f",      "MY"        },
      {"fo",     "MZXQ"      },
      {"foo",    "MZXW6"     },
      {"foob",   "MZXW6YQ"   },
      {"fooba",  "MZXW6YTB"  },
      {"foobar", "MZXW6YTBOI"}
  };
  for (const auto& [bytes, text] : kVectors) EXPECT_EQ(base32(as_bytes(bytes)), text);
}

}  // namespace
}  // namespace cloister::gate::secrets
