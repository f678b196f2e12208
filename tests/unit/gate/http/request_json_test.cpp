#include "gate/http/request_json.h"

#include <gtest/gtest.h>

namespace cloister::gate::http {
namespace {

using sign_in::Answer;

TEST(RequestJson, ReadsAQuestion) {
  const auto question =
      parse_question(R"({"user":"anna","password":"p","code":"123456","source":"192.0.2.1","x":1})");
  ASSERT_TRUE(question);
  EXPECT_EQ(question->user.expose(), "anna");
  EXPECT_EQ(question->password.expose(), "p");
  EXPECT_EQ(question->code, secrets::Secret("123456"));
  EXPECT_EQ(question->source, SocketAddress::parse("192.0.2.1", 0));
  EXPECT_FALSE(question->resumes);
}

TEST(RequestJson, OnlyTrueResumes) {
  const auto resumes = [](const std::string& value) {
    return parse_question(R"({"user":"anna","password":"p","resumes":)" + value + "}")->resumes;
  };
  EXPECT_TRUE(resumes("true"));
  for (const char* value : {"false", "1", "\"true\"", "null"}) EXPECT_FALSE(resumes(value)) << value;
}

TEST(RequestJson, CodeAndSourceMayBeAbsent) {
  for (const std::string_view text :
       {R"({"user":"anna","password":"p"})", R"({"user":"anna","password":"p","source":"?","code":1})"}) {
    const auto question = parse_question(text);
    ASSERT_TRUE(question);
    EXPECT_FALSE(question->code);
    EXPECT_TRUE(question->source.is_loopback());
  }
}

struct Refusal {
  std::string_view why;
  std::string text;
  RequestJsonError error;
};
TEST(RequestJson, RefusesOtherTexts) {
  const std::string endless(2000, '1');
  const std::string endless_name = R"({"user":")" + endless + R"(","password":"p"})";
  const std::string endless_code = R"({"user":"a","password":"p","code":")" + endless + "\"}";
  const Refusal refusals[] = {
      {"nothing",          "",                             RequestJsonError::not_json     },
      {"cut off",          R"({"user":"anna")",            RequestJsonError::not_json     },
      {"nested too deep",  R"({"user":[[[[[[]]]]]]})",     RequestJsonError::not_json     },
      {"a list",           R"(["anna","p"])",              RequestJsonError::not_an_object},
      {"no password",      R"({"user":"anna"})",           RequestJsonError::missing      },
      {"a number as name", R"({"user":7,"password":"p"})", RequestJsonError::missing      },
      {"an endless name",  endless_name,                   RequestJsonError::too_long     },
      {"an endless code",  endless_code,                   RequestJsonError::too_long     },
  };
  for (const auto& [why, text, error] : refusals) {
    SCOPED_TRACE(why);
    const auto question = parse_question(text);
    ASSERT_FALSE(question);
    EXPECT_EQ(question.error(), error);
  }
}

TEST(RequestJson, ReadsAToken) {
  EXPECT_EQ(parse_token(R"({"token":"t"})")->expose(), "t");
  EXPECT_EQ(parse_token(R"({"token":1})").error(), RequestJsonError::missing);
  EXPECT_EQ(parse_token("[]").error(), RequestJsonError::not_an_object);
}

TEST(RequestJson, WritesAnswers) {
  EXPECT_EQ(write_answer({.kind = Answer::Kind::accepted}), R"({"result":"accepted"})");
  EXPECT_EQ(write_answer({.kind = Answer::Kind::refused}), R"({"result":"refused"})");
  EXPECT_EQ(write_answer({.kind = Answer::Kind::wait, .wait = 1001ms}), R"({"result":"wait","seconds":2})");
  EXPECT_EQ(write_token(accounts::HostName("anna"), secrets::Secret("t"), 2min),
            R"({"result":"accepted","user":"anna","token":"t","seconds":120})");
}

}  // namespace
}  // namespace cloister::gate::http
