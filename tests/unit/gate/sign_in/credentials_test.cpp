#include "gate/sign_in/credentials.h"

#include <gtest/gtest.h>

namespace cloister::gate::sign_in {
namespace {

using accounts::SecondFactor;

struct Split {
  std::string_view why;
  SecondFactor factor;
  std::string_view field;
  std::string_view password;
  std::string_view code;
};
constexpr Split kSplits[] = {
    {"no second factor: digits belong to the password", SecondFactor::off, "password123456",              "password123456",
     ""                                                                                                                                  },
    {"the last six digits are the code",                SecondFactor::on,  "password123456",              "password",            "123456"},
    {"also after a password of digits",                 SecondFactor::on,  "1234567890123456",            "1234567890",          "123456"},
    {"no code given",                                   SecondFactor::on,  "password",                    "password",            ""      },
    {"a code without a password",                       SecondFactor::on,  "123456",                      "123456",              ""      },
    {"a recovery code with hyphens",                    SecondFactor::on,  "passwordabcd-efgh-ijkl-mn23", "password",
     "abcd-efgh-ijkl-mn23"                                                                                                               },
    {"a recovery code without",                         SecondFactor::on,  "pass wordABCDEFGHIJKLMN23",   "pass word",
     "ABCDEFGHIJKLMN23"                                                                                                                  },
    {"a code after a password like a recovery code",    SecondFactor::on,  "abcdefghijklmnopq234567",
     "abcdefghijklmnopq",                                                                                                        "234567"},
    {"too short for a recovery code",                   SecondFactor::on,  "p-w-d-efgh-ijkl-mn2",         "p-w-d-efgh-ijkl-mn2", ""      },
    {"nothing",                                         SecondFactor::on,  "",                            "",                    ""      },
};

TEST(Credentials, AreTakenApart) {
  for (const auto& [why, factor, field, password, code] : kSplits) {
    SCOPED_TRACE(why);
    const Credentials parts = split_field(secrets::Secret(std::string(field)), factor);
    EXPECT_EQ(parts.password.expose(), password);
    EXPECT_EQ(parts.code.expose(), code);
  }
}

}  // namespace
}  // namespace cloister::gate::sign_in
