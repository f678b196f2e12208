// Reading a message's fields, for both kinds of channel: unknown ones and nulls are passed over, the first
// one of the wrong kind spoils the message.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "videobridge/conference/channel/channel_message.h"

namespace cloister::videobridge::conference {

// An object with a `colibriClass`; no longer than kMaxMessageBytes, no deeper than any message of ours.
Result<boost::json::object, MessageError> read_object(std::string_view text);

// A field that is there and not null.
const boost::json::value* find_field(const boost::json::object& object, std::string_view key);
std::optional<std::string_view> find_text(const boost::json::object& object, std::string_view key);
// `videoType`, in any case.
std::optional<VideoType> find_video_type(const boost::json::object& object);

class Fields {
public:
  explicit Fields(const boost::json::object& object) : object_(object) {}
  bool ok() const { return ok_; }

  // Numbers with a fraction are cut, those out of range limited: a client that sends 360.0 means 360.
  void integer(std::string_view key, std::optional<int>& into);
  void integer(std::string_view key, std::optional<std::int64_t>& into);
  void flag(std::string_view key, bool& into);
  void names(std::string_view key, std::optional<std::vector<SourceName>>& into);
  void constraints(std::string_view key, std::optional<bandwidth::VideoConstraints>& into);
  void constraints_by_name(std::string_view key, std::optional<bandwidth::ConstraintsByName>& into);

private:
  const boost::json::object& object_;
  bool ok_ = true;
};

}  // namespace cloister::videobridge::conference
