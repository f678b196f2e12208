#include "audit/model/observation.h"

namespace cloister::audit::model {

const char* word(State state) {
  switch (state) {
    case State::observed: return "observed";
    case State::absent: return "absent";
    case State::not_installed: return "not_installed";
    case State::not_running: return "not_running";
    case State::unreadable: break;
  }
  return "unreadable";
}

}  // namespace cloister::audit::model
