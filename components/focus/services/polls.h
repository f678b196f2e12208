// Polls: a question with options, and who chose which (protocol/client.md §21). Whoever may chat may ask and
// answer; a second answer of the same person replaces its first. One room's; focus thread.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "focus/services/answer.h"
#include "focus/services/roster.h"

namespace cloister::focus::services {

struct PollPerson {
  EndpointId id{};
  Personal<std::string> name{};
};

struct Poll {
  Personal<std::string> id{};  // the asker's choice
  PollPerson asker{};
  Personal<std::string> question{};
  std::vector<Personal<std::string>> options{};
  struct Vote {
    Personal<std::string> name{};
    std::vector<bool> choice{};  // by option
  };
  std::map<EndpointId, Vote> votes{};
};

// What a client sends.
struct PollCommand {
  bool is_new = false;  // else an answer
  Personal<std::string> id{};
  Personal<std::string> question{};              // new
  std::vector<Personal<std::string>> options{};  // new
  std::vector<bool> choice{};                    // answer
};

// {"type":"polls","command":"new-poll"|"answer-poll","pollId":…,"question":…,"answers":[{"name":…}…]|[true,…]}.
// Nothing for anything else, and for what is longer than Polls allows.
std::optional<PollCommand> parse_poll_command(std::string_view text);

class Polls {
public:
  static constexpr std::size_t kMost = 64;  // of a room
  static constexpr std::size_t kMostOptions = 20;
  static constexpr std::size_t kLongestText = 500;  // characters, of the question and of each option
  static constexpr std::size_t kLongestId = 64;
  static constexpr std::size_t kMostVotes = 1000;  // of a poll

  struct Port {
    virtual ~Port() = default;
    virtual void on_asked(const Poll& poll) = 0;
    virtual void on_answered(const Poll& poll, const EndpointId& voter) = 0;
  };
  explicit Polls(Port& port) : port_(port) {}

  // Refused: forbidden (may not chat), conflict (the id is taken), item-not-found (no such poll), bad-request
  // (not as many choices as options), resource-constraint (too many polls, or votes).
  Answer on_command(const Person& from, const PollCommand& command, const rights::Policy& policy);
  // In the order of asking.
  const std::vector<Poll>& all() const { return polls_; }

private:
  Answer ask(const Person& from, const PollCommand& command);
  Answer answer(const Person& from, const PollCommand& command);

  Port& port_;
  std::vector<Poll> polls_;
};

}  // namespace cloister::focus::services
