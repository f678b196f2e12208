#include "base/base64.h"

#include <gtest/gtest.h>

namespace cloister {
namespace {

// RFC 4648 §10.
TEST(Base64, HasTheVectorsOfItsStandard) {
  constexpr std::pair<const char*, const char*> vectors[] = {
      {"",       ""        },
      {"f",      "Zg=="    },
      {"fo",     "Zm8="    },
      {"foo",    "Zm9v"    },
      {"foob",   "Zm9vYg=="},
      {"fooba",  "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [text, encoded] : vectors) EXPECT_EQ(base64(as_bytes(text)), encoded);
}

}  // namespace
}  // namespace cloister
