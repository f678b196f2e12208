// What a parser of the channel's messages makes of a text: of participants' as of relays'.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "videobridge/conference/channel/channel_message.h"

namespace cloister::test {

// The message, when it is of that class; else the test has failed.
template <class Message, class Parse>
Message parsed(Parse parse, std::string_view text) {
  auto message = parse(text);
  EXPECT_TRUE(message) << text;
  if (!message || !std::holds_alternative<Message>(*message)) {
    ADD_FAILURE() << "not of that class: " << text;
    return {};
  }
  return std::get<Message>(std::move(*message));
}

struct Refusal {
  const char* why;
  const char* text;
  videobridge::conference::MessageError error;
};

template <class Parse>
void expect_refused(Parse parse, std::span<const Refusal> refusals) {
  for (const Refusal& entry : refusals) {
    SCOPED_TRACE(entry.why);
    const auto message = parse(entry.text);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error(), entry.error);
  }
}

}  // namespace cloister::test
