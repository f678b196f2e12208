// How many meet now: anonymous totals that focus and bridge tell on loopback
// (docs/protocol/bridge-statistics.md).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace cloister::cli::machine {

struct Totals {
  std::int64_t meetings = 0;
  std::int64_t participants = 0;
};

// Where a service's HTTP is, by its settings file: `http: {address, port}`. The rest of the file, and its
// secrets, are not looked at. A sentence when it cannot be known.
struct LoopbackHttp {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
};
Result<LoopbackHttp, std::string> http_of(const std::string& settings_file, std::uint16_t usual_port);

// GET → one JSON object; a sentence when there is none.
Result<boost::json::object, std::string> get_json(const LoopbackHttp& at, const std::string& target);
// The focus knows all meetings; the bridge, those that it carries.
Result<Totals, std::string> totals_of_focus(const LoopbackHttp& at);
Result<Totals, std::string> totals_of_bridge(const LoopbackHttp& at);

}  // namespace cloister::cli::machine
