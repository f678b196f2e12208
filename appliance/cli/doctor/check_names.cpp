#include <fmt/core.h>

#include <algorithm>

#include "cli/doctor/checks.h"
#include "cli/doctor/names.h"

namespace cloister::cli::doctor {
namespace {

using Addresses = std::vector<SocketAddress>;

std::string listed(const Addresses& addresses) {
  std::string out;
  for (const SocketAddress& one : addresses) out += (out.empty() ? "" : ", ") + one.ip_text_for_wire();
  return out;
}

Addresses of_family(const Addresses& all, IpFamily family) {
  Addresses out;
  std::ranges::copy_if(all, std::back_inserter(out),
                       [family](const SocketAddress& one) { return one.family() == family; });
  return out;
}

bool is_public(const SocketAddress& one) {
  return !one.is_private() && !one.is_loopback() && !one.is_link_local();
}

// By which the world may know this machine: what the settings say, else what it has.
Addresses expected(const Patient& patient) {
  Addresses out;
  for (const std::string& text : patient.installation.open.addresses)
    if (const auto address = SocketAddress::parse(text, 0)) out.push_back(*address);
  return out.empty() ? patient.own : out;
}

class Look {
public:
  Look(const Patient& patient, IpFamily family)
      : patient_(patient),
        family_(family),
        record_(family == IpFamily::v4 ? "A" : "AAAA"),
        version_(family == IpFamily::v4 ? "IPv4" : "IPv6"),
        ours_(of_family(expected(patient), family)) {}

  Finding run() const {
    const auto found = look_up(patient_.host(), family_);
    if (!found)
      return warning(
          fmt::format("The {} record of {} is unknown: {}.", record_, patient_.host(), found.error()),
          "Look at /etc/resolv.conf, and whether the firewall lets questions to the name servers out.");
    return found->empty() ? absent() : present(*found);
  }

private:
  Finding absent() const {
    if (std::ranges::any_of(ours_, is_public)) return lacking();
    return ok(fmt::format("{} has no {} record, and this machine no public {} address.", patient_.host(),
                          record_, version_));
  }
  Finding lacking() const {
    const std::string what = fmt::format("{} has no {} record.", patient_.host(), record_);
    const std::string remedy = fmt::format("At whoever sells you the domain, add: {} {} {}", patient_.host(),
                                           record_, ours_.front().ip_text_for_wire());
    return family_ == IpFamily::v4 ? error(what, remedy) : warning(what, remedy);
  }
  Finding present(const Addresses& found) const {
    Addresses wrong;
    std::ranges::copy_if(found, std::back_inserter(wrong), [this](const SocketAddress& one) {
      return std::ranges::find(ours_, one) == ours_.end();
    });
    if (patient_.outside || wrong.empty())
      return ok(fmt::format("{} leads to {} ({}).", patient_.host(), listed(found), record_));
    const std::string has =
        ours_.empty() ? fmt::format("which has no {} address", version_) : "which has " + listed(ours_);
    return error(
        fmt::format("{} leads to {} ({}), and not to this machine, {}.", patient_.host(), listed(wrong),
                    record_, has),
        ours_.empty()
            ? fmt::format("Delete that {} record at whoever sells you the domain.", record_)
            : fmt::format("Correct the {} record at whoever sells you the domain. Behind NAT, name the "
                          "address that the world sees in cloister_public_addresses.",
                          record_));
  }

  const Patient& patient_;
  IpFamily family_;
  const char* record_;
  const char* version_;
  Addresses ours_;
};

}  // namespace

Findings check_names(const Patient& patient) {
  const Finding v4 = Look(patient, IpFamily::v4).run();
  const Finding v6 = Look(patient, IpFamily::v6).run();
  return {v4, v6};
}

}  // namespace cloister::cli::doctor
