// How the server is: what could be learned, and beside each thing that could not, why.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/machine/installation.h"
#include "cli/machine/space.h"
#include "cli/machine/totals.h"
#include "cli/machine/units.h"
#include "cli/machine/updates.h"
#include "net/certificate.h"

namespace cloister::cli::status {

template <class T>
using Learned = Result<T, std::string>;  // else a sentence that says why not

struct Service {
  std::string name;
  Learned<machine::UnitState> state;
};

struct Status {
  std::vector<Service> services;
  Learned<machine::Totals> meetings;  // by the focus, or by the bridge when the focus does not answer
  Learned<net::CertificateFacts> certificate;
  Learned<machine::Updates> updates;
  bool restart_needed = false;
  Learned<machine::Space> disk;  // the root's
  Learned<machine::Space> memory;
  std::chrono::system_clock::time_point now;  // when it was looked at

  bool all_run() const;
};

// Looks at everything, one after the other.
Status look(const machine::Installation& installation);

}  // namespace cloister::cli::status
