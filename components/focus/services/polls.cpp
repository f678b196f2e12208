#include "focus/services/polls.h"

#include <algorithm>

#include "focus/services/json_text.h"

namespace cloister::focus::services {

using xmpp::ErrorCondition;
namespace json = boost::json;

namespace {

constexpr std::size_t kLongestCommand = 16384;  // bytes

// UTF-8: every byte that does not continue a character begins one.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

bool is_text(std::string_view text) { return !text.empty() && characters(text) <= Polls::kLongestText; }

bool read_options(const json::array& answers, PollCommand& command) {
  for (const json::value& answer : answers) {
    const std::string_view name =
        answer.is_object() ? text_member(answer.get_object(), "name") : std::string_view();
    if (!is_text(name)) return false;
    command.options.emplace_back(std::string(name));
  }
  return true;
}

bool read_choice(const json::array& answers, PollCommand& command) {
  for (const json::value& answer : answers) {
    if (!answer.is_bool()) return false;
    command.choice.push_back(answer.get_bool());
  }
  return true;
}

}  // namespace

std::optional<PollCommand> parse_poll_command(std::string_view text) {
  const auto object = parse_json_object(text, kLongestCommand);
  if (!object || text_member(*object, "type") != "polls") return std::nullopt;
  const std::string_view verb = text_member(*object, "command");
  const std::string_view id = text_member(*object, "pollId");
  const json::value* const answers = object->if_contains("answers");
  if ((verb != "new-poll" && verb != "answer-poll") || id.empty() || id.size() > Polls::kLongestId ||
      !answers || !answers->is_array())
    return std::nullopt;
  const json::array& list = answers->get_array();
  if (list.empty() || list.size() > Polls::kMostOptions) return std::nullopt;
  PollCommand command{.is_new = verb == "new-poll", .id = Personal(std::string(id))};
  if (!command.is_new) return read_choice(list, command) ? std::optional(command) : std::nullopt;
  const std::string_view question = text_member(*object, "question");
  if (!is_text(question) || !read_options(list, command)) return std::nullopt;
  command.question = Personal(std::string(question));
  return command;
}

Answer Polls::on_command(const Person& from, const PollCommand& command, const rights::Policy& policy) {
  if (!rights::may(from.role, rights::Right::chat, policy)) return refuse(ErrorCondition::forbidden);
  return command.is_new ? ask(from, command) : answer(from, command);
}

Answer Polls::ask(const Person& from, const PollCommand& command) {
  if (std::ranges::find(polls_, command.id, &Poll::id) != polls_.end())
    return refuse(ErrorCondition::conflict);
  if (polls_.size() >= kMost) return refuse(ErrorCondition::resource_constraint);
  polls_.push_back({
      .id = command.id,
      .asker = {.id = from.id, .name = from.name},
      .question = command.question,
      .options = command.options
  });
  port_.on_asked(polls_.back());
  return done();
}

Answer Polls::answer(const Person& from, const PollCommand& command) {
  const auto poll = std::ranges::find(polls_, command.id, &Poll::id);
  if (poll == polls_.end()) return refuse(ErrorCondition::item_not_found);
  if (command.choice.size() != poll->options.size()) return refuse(ErrorCondition::bad_request);
  if (!poll->votes.contains(from.id) && poll->votes.size() >= kMostVotes)
    return refuse(ErrorCondition::resource_constraint);
  poll->votes[from.id] = {.name = from.name, .choice = command.choice};
  port_.on_answered(*poll, from.id);
  return done();
}

}  // namespace cloister::focus::services
