#include "xmpp/session.h"

#include <gtest/gtest.h>

#include "memory_server.h"
#include "support/run_until.h"

namespace cloister::xmpp {
namespace {

Jid jid(std::string_view text) { return *Jid::parse(text); }

// A component session and its server; what happens is written down.
class ComponentSession : public testing::Test, protected Session::Listener {
protected:
  ComponentSession() : session(make_component_session(reactor, settings(), server.streams())) {
    session->start(*this);
    server.accept_component();
  }
  static ComponentSettings settings() {
    return {
        .domain = "focus.d",
        .secret = "secret",
        .about = {.disco = {.identities = {{.category = "component", .type = "conference"}},
                            .features = {"f"}},
                  .version = {.name = "Cloister"}                                    },
        .times = { .first_retry = 1ms,                          .longest_retry = 2ms, .ping_interval = 1h}
    };
  }
  void on_online() override { log.emplace_back("online"); }
  void on_offline() override { log.emplace_back("offline"); }
  void ask_bridge(Duration timeout = 1h) {
    session->ask(
        jid("brewery@d/jvb"), HealthCheck{},
        [this](const Session::Answer& answer) {
          if (answer) return log.emplace_back("answer"), void();
          switch (answer.error().origin) {
            case StanzaError::Origin::peer: return log.emplace_back("error"), void();
            case StanzaError::Origin::timeout: return log.emplace_back("timeout"), void();
            case StanzaError::Origin::offline: return log.emplace_back("lost"), void();
            case StanzaError::Origin::strange_answer: return log.emplace_back("strange"), void();
          }
        },
        timeout);
  }
  bool until(const std::function<bool()>& done) { return support::run_until(reactor, done); }

  net::Reactor reactor;
  MemoryServer server{reactor};
  std::vector<std::string> log;
  std::unique_ptr<Session> session;
};

TEST_F(ComponentSession, ProvesTheSecretAndComesOnline) {
  // SHA-1 of "stream-1secret" (XEP-0114 §3).
  EXPECT_EQ(server.written.front(), "<handshake>b251e397f873ee73099f07fce697d0c35ae4f36b</handshake>");
  EXPECT_TRUE(session->online());
  EXPECT_EQ(session->jid(), jid("focus.d"));
  EXPECT_EQ(log, std::vector<std::string>{"online"});
}

TEST_F(ComponentSession, HearsTheAnswerOfTheOneItAsked) {
  ask_bridge();
  const std::string id = server.last().attribute("id");
  EXPECT_EQ(server.last().attribute("from"), "focus.d");
  EXPECT_GE(id.size(), 25U);
  server.say("<iq type='result' id='" + id + "' from='brewery@d/mallory'/>");
  server.say("<iq type='result' id='" + id + "'/>");
  server.say("<iq type='error' id='" + id + "' from='brewery@d'/>");
  server.say("<iq type='result' id='other' from='brewery@d/jvb'/>");
  EXPECT_EQ(log, std::vector<std::string>{"online"});
  server.say("<iq type='result' id='" + id + "' from='brewery@d/jvb'/>");
  server.say("<iq type='result' id='" + id + "' from='brewery@d/jvb'/>");
  EXPECT_EQ(log, (std::vector<std::string>{"online", "answer"}));
}

TEST_F(ComponentSession, TellsAnUnreadableAnswerFromAnError) {
  ask_bridge();
  server.say("<iq type='result' id='" + server.last().attribute("id") +
             "' from='brewery@d/jvb'><conference-modified "
             "xmlns='jitsi:colibri2'><endpoint/></conference-modified></iq>");
  ask_bridge();
  server.say("<iq type='error' id='" + server.last().attribute("id") + "' from='brewery@d/jvb'/>");
  EXPECT_EQ(log, (std::vector<std::string>{"online", "strange", "error"}));
}

TEST_F(ComponentSession, GivesUpWaiting) {
  ask_bridge(1ms);
  const std::string id = server.last().attribute("id");
  ASSERT_TRUE(until([&] { return log.size() == 2; }));
  server.say("<iq type='result' id='" + id + "' from='brewery@d/jvb'/>");
  EXPECT_EQ(log, (std::vector<std::string>{"online", "timeout"}));
}

TEST_F(ComponentSession, LosesItsQuestionsThenItselfThenComesBack) {
  ask_bridge();
  server.drop();
  EXPECT_EQ(log, (std::vector<std::string>{"online", "lost", "offline"}));
  ask_bridge();
  server.accept_component();
  EXPECT_EQ(log, (std::vector<std::string>{"online", "lost", "offline", "lost", "online"}));
}

// Focus checklist: 11
TEST_F(ComponentSession, KeepsTryingAndLeavesNothingBehind) {
  for (int round = 2; round < 8; ++round) {
    server.drop();
    ASSERT_TRUE(until([&] { return server.connections == round && server.link; }));
  }
  EXPECT_EQ(log, (std::vector<std::string>{"online", "offline"}));
  server.accept_component();
  EXPECT_TRUE(session->online());
}

// Focus checklist: 5, 6, 7
TEST_F(ComponentSession, AnswersEveryRequestOnce) {
  struct Row {
    std::string_view request;
    std::string_view answer;
  };
  constexpr std::string_view kOnlyError = "<iq type='error' id='1' to='a@d/x' from='focus.d'><error type=";
  const Row rows[] = {
      {"<ping xmlns='urn:xmpp:ping'/>",                                       "<iq type='result' id='1' to='a@d/x' from='focus.d'/>"},
      {"<query xmlns='jabber:iq:version'/>",
       "<iq type='result' id='1' to='a@d/x' from='focus.d'><query xmlns='jabber:iq:version'>"
       "<name xmlns='jabber:iq:version'>Cloister</name></query></iq>"                                                               },
      {"<query xmlns='urn:nobody'/>",
       "<iq type='error' id='1' to='a@d/x' from='focus.d'><error type='cancel'>"
       "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"                                            },
      {"<healthcheck xmlns='http://jitsi.org/protocol/healthcheck'/>",        kOnlyError                                            },
      {"<conference-modify xmlns='jitsi:colibri2'/>",                         kOnlyError                                            },
      {"<query xmlns='http://jabber.org/protocol/disco#info' node='other'/>", kOnlyError                                            },
      {"",                                                                    kOnlyError                                            },
  };
  for (const auto& [request, answer] : rows) {
    SCOPED_TRACE(request);
    server.written.clear();
    server.say("<iq type='get' id='1' from='a@d/x' to='focus.d'>" + std::string(request) + "</iq>");
    ASSERT_EQ(server.written.size(), 1U);
    EXPECT_EQ(server.written[0].substr(0, answer.size()), answer);
  }
}

// Focus checklist: 7
TEST_F(ComponentSession, AnswersItsOwnCapabilities) {
  server.say(
      "<iq type='get' id='1' from='a@d/x' to='focus.d'><query xmlns='http://jabber.org/protocol/disco#info' "
      "node='n#" +
      caps_ver(settings().about.disco) + "'/></iq>");
  EXPECT_EQ(server.last().attribute("type"), "result");
  EXPECT_TRUE(server.last().children.front().attribute("node").starts_with("n#"));
}

// Focus checklist: 16
TEST_F(ComponentSession, TakesAndWritesLargeStanzas) {
  const std::string large(300'000, 'x');
  std::size_t heard = 0;
  session->router().on_iq<ConferenceRequest>([&](Iq<ConferenceRequest> iq, Responder responder) {
    heard = iq.payload.properties["p"].size();
    responder.reply(ConferenceAnswer{
        .room = jid("r@c.d"), .ready = true, .focus_jid = jid("f@d"), .properties = {{"p", large}}});
  });
  server.say(
      "<iq type='set' id='1' from='a@d/x' to='focus.d'><conference xmlns='http://jitsi.org/protocol/focus' "
      "room='r@c.d'><property name='p' value='" +
      large + "'/></conference></iq>");
  EXPECT_EQ(heard, large.size());
  EXPECT_GT(server.written.back().size(), large.size());
}

TEST_F(ComponentSession, AHandlerMayAnswerLater) {
  std::optional<Responder> open;
  session->router().on_iq<HealthCheck>([&](Iq<HealthCheck> iq, Responder responder) {
    EXPECT_EQ(iq.from, jid("a@d/x"));
    open.emplace(std::move(responder));
  });
  const std::string request =
      "<iq type='get' id='1' from='a@d/x' to='focus.d'><healthcheck "
      "xmlns='http://jitsi.org/protocol/healthcheck'/></iq>";
  server.say(request);
  EXPECT_EQ(server.written.size(), 1U);  // the handshake
  open->fail({.condition = ErrorCondition::internal_server_error});
  EXPECT_EQ(server.last().attribute("type"), "error");

  server.say(request);
  server.written.clear();
  open.reset();  // forgotten: answered all the same
  EXPECT_EQ(server.last().attribute("type"), "error");

  server.say(request);
  server.drop();
  server.accept_component();
  server.written.clear();
  open->reply();  // belongs to a stream that is gone
  EXPECT_TRUE(server.written.empty());
}

TEST_F(ComponentSession, AHandlerMayEndEverything) {
  session->router().on_iq<HealthCheck>([&](const Iq<HealthCheck>&, Responder responder) {
    responder.reply();
    session.reset();
  });
  ask_bridge();
  server.say(
      "<iq type='get' id='1' from='a@d/x' to='focus.d'><healthcheck "
      "xmlns='http://jitsi.org/protocol/healthcheck'/></iq><iq type='get' id='2' from='a@d/x'/>");
  EXPECT_EQ(session, nullptr);
  EXPECT_EQ(log, std::vector<std::string>{"online"});
}

TEST_F(ComponentSession, StopsWithoutAWord) {
  ask_bridge();
  session->stop();
  EXPECT_EQ(server.written.back(), "</stream:stream>");
  reactor.poll();
  EXPECT_EQ(log, std::vector<std::string>{"online"});
  EXPECT_FALSE(server.link);
}

TEST_F(ComponentSession, SurvivesWhatNoServerSays) {
  for (const char* text :
       {"<iq/>", "<iq type='result'/>", "<iq type='set' id='' from='@'><a/></iq>", "<presence/>",
        "<message from='x'><body>x</body></message>", "<iq type='odd' id='1'/>", "<other/>"}) {
    server.say(text);
  }
  EXPECT_TRUE(session->online());
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  server.say("<presence from='r@d/x'>" + deep);
  EXPECT_TRUE(session->online());
  server.drop();
  server.accept_component();
  server.say("<iq></presence>");
  EXPECT_EQ(log.back(), "offline");
}

TEST(SilentServer, IsGivenUp) {
  struct Nobody : Session::Listener {
    void on_online() override {}
    void on_offline() override { offline = true; }
    bool offline = false;
  } listener;
  net::Reactor reactor;
  MemoryServer server(reactor);
  const auto session =
      make_component_session(reactor,
                             {
                                 .domain = "focus.d",
                                 .secret = "s",
                                 .times = {.first_retry = 1h, .ping_interval = 2ms, .ping_timeout = 2ms}
  },
                             server.streams());
  session->start(listener);
  server.accept_component();
  ASSERT_TRUE(support::run_until(reactor, [&] { return listener.offline; }));
  EXPECT_EQ(from_text(server.written.back()).attribute("to"), "d");
  EXPECT_TRUE(from_text(server.written.back()).find("ping", "urn:xmpp:ping"));
}

// What the first words of a server lead a client to say.
std::vector<std::string> written_to(std::string_view features, Tls tls) {
  struct Nobody : Session::Listener {
    void on_online() override {}
    void on_offline() override {}
  } listener;
  net::Reactor reactor;
  MemoryServer server(reactor);
  const auto session = make_client_session(reactor,
                                           {.domain = "auth.d",
                                            .user = "focus",
                                            .password = "password",
                                            .resource = "focus",
                                            .ca_file = "/dev/null",
                                            .tls = tls,
                                            .times = {.first_retry = 1h}},
                                           server.streams());
  session->start(listener);
  EXPECT_TRUE(support::run_until(reactor, [&] { return server.link && server.link->greeted; }));
  server.say(
      "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
      "xmlns='jabber:client' id='s' version='1.0' from='auth.d'><stream:features>" +
      std::string(features) + "</stream:features>");
  return server.written;
}

TEST(ClientSession, SaysNothingSecretWithoutTls) {
  const auto written = written_to(
      "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
      "<mechanism>SCRAM-SHA-1</mechanism></mechanisms>",
      Tls::required);
  EXPECT_EQ(written, std::vector<std::string>{"</stream:stream>"});
}

TEST(ClientSession, NeverSendsThePasswordItself) {
  const auto written = written_to(
      "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
      "<mechanism>PLAIN</mechanism></mechanisms>",
      Tls::none);
  EXPECT_EQ(written, std::vector<std::string>{"</stream:stream>"});
}

}  // namespace
}  // namespace cloister::xmpp
