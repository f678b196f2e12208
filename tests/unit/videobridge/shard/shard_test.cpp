// A media thread with its port, asked from the main thread.
#include "videobridge/shard/shard.h"

#include <gtest/gtest.h>

#include <vector>

#include "net/timer.h"
#include "videobridge/shard/busy_meter.h"

namespace cloister::videobridge::shard {
namespace {

using xmpp::colibri2::ConferenceModify;

ConferenceModify creation(const std::string& meeting, const std::string& endpoint, bool create_conference) {
  ConferenceModify modify;
  modify.meeting_id = MeetingId(meeting);
  modify.create = create_conference;
  auto& one = modify.endpoints.emplace_back();
  one.id = EndpointId(endpoint);
  one.create = true;
  one.capabilities = {"source-names"};
  one.transport.emplace();
  return modify;
}

class ShardTest : public testing::Test, Shard::Listener {
protected:
  ShardTest() {
    ShardSettings settings;
    settings.udp.addresses = {SocketAddress::parse("127.0.0.1", 0).value()};
    settings.candidates.include_loopback = true;
    settings.conference.web_socket_url = "wss://before";
    auto started = Shard::start(settings, main, *this);
    if (started) shard = std::move(*started);
  }
  void SetUp() override { ASSERT_TRUE(shard); }

  // Runs the main thread until `count` answers have come; gives up after a while.
  void await(std::size_t count) {
    net::Timer patience(main);
    patience.start(10s, [this] { main.stop(); });
    wanted = count;
    if (answers.size() < wanted) main.run();
    ASSERT_EQ(answers.size(), wanted);
  }
  void note(const std::string& answer) {
    answers.push_back(answer);
    if (answers.size() >= wanted) main.stop();
  }
  void ask(ConferenceModify request, const std::string& name) {
    shard->modify(std::move(request), [this, name](const ModifyResult& result) {
      note(name + (result ? "" : " refused"));
      if (result && !result->endpoints.empty() && result->endpoints[0].transport)
        urls.push_back(result->endpoints[0].transport->ice->web_sockets.at(0).expose());
    });
  }

  void send_web_socket_text(conference::WebSocketHandle, std::string) override {}
  void close_web_socket(conference::WebSocketHandle, std::uint16_t) override {}
  void on_conference_ended(const MeetingId& meeting) override { note("ended " + meeting.expose()); }

  net::Reactor main;
  std::unique_ptr<Shard> shard;
  std::vector<std::string> answers;
  std::vector<std::string> urls;
  std::size_t wanted = 0;
};

// Checklist: 15, 51
TEST_F(ShardTest, RequestsAreDoneAndAnsweredInTheOrderTheyCame) {
  ask(creation("m", "alice", true), "create");
  ask(creation("m", "alice", false), "create again");
  ConferenceModify gone;
  gone.meeting_id = MeetingId("m");
  gone.endpoints.emplace_back().id = EndpointId("alice");
  gone.endpoints[0].expire = true;
  ConferenceModify both = creation("m", "bob", false);
  ask(both, "bob");
  ask(gone, "expire");
  ask(creation("m", "alice", false), "create anew");
  await(5);
  EXPECT_EQ(answers,
            (std::vector<std::string>{"create", "create again refused", "bob", "expire", "create anew"}));
}

TEST_F(ShardTest, TheEndOfAConferenceIsTold) {
  ask(creation("m", "alice", true), "create");
  ConferenceModify end;
  end.meeting_id = MeetingId("m");
  end.expire = true;
  ask(end, "end");
  await(3);
  EXPECT_EQ(answers.back(), "ended m");
}

// Checklist: 42
TEST_F(ShardTest, NewSettingsHoldFromTheNextRequestOn) {
  ask(creation("m", "alice", true), "alice");
  conference::ConferenceSettings fresh;
  fresh.web_socket_url = "wss://after";
  shard->configure(fresh, {.include_loopback = true});
  ask(creation("m", "bob", false), "bob");
  shard->refuse_new_conferences();
  ask(creation("other", "carol", true), "carol");
  await(3);
  EXPECT_EQ(answers.back(), "carol refused");
  ASSERT_EQ(urls.size(), 2U);
  EXPECT_TRUE(urls[0].starts_with("wss://before/"));
  EXPECT_TRUE(urls[1].starts_with("wss://after/"));
}

TEST_F(ShardTest, APingIsAnsweredByTheThreadItself) {
  shard->ping([this] { note("pong"); });
  await(1);
  EXPECT_GT(shard->thread(), 0);
  EXPECT_TRUE(processor_times(shard->thread()));
}

}  // namespace
}  // namespace cloister::videobridge::shard
