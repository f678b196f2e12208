// Asks the firewall guard to shut out those from whose addresses a meeting was stormed
// (firewall/protocol/request.h). Nobody waits for its answer. The addresses pass through, and are kept
// nowhere.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/personal.h"

namespace cloister::focus::app {

void ban_stormers(const std::string& guard_socket, const std::vector<Personal<std::string>>& addresses,
                  Duration length);

}  // namespace cloister::focus::app
