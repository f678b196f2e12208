// What an operator may change about the choice of bridges; part of focus.yaml (section `bridges`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cloister::focus::bridges {

enum class Strategy : std::uint8_t {
  single,       // the least loaded bridge of the participant's region, however loaded it is
  region_based  // one that is not full, as near as possible
};

struct SelectionSettings {
  Strategy strategy = Strategy::single;
  double full_from = 0.8;             // stress from which a bridge is full
  std::size_t max_participants = 80;  // of one conference on one bridge; then that is full, too
  bool several_bridges = false;       // a conference may spread over bridges that relay to each other
  bool mixed_versions = false;        // … of different versions
  std::string local_region{};         // where the focus is: the first participant is taken to be near
  std::vector<std::vector<std::string>> region_groups{};  // regions near each other
};

struct BridgeSettings {
  SelectionSettings selection{};
  bool health_by_presence = false;  // bridges say in their presence how they are; they are not asked
  bool leave_draining = true;       // conferences move off bridges that drain or end gracefully
  double relieve_from = 0;          // stress from which a bridge gives conferences away; 0: never
};

}  // namespace cloister::focus::bridges
