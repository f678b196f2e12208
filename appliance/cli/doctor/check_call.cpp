#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <boost/json/parse.hpp>

#include "base/random.h"
#include "cli/doctor/checks.h"
#include "cli/machine/program.h"

namespace cloister::cli::doctor {
namespace {

namespace json = boost::json;
constexpr std::chrono::seconds kPatience{60};

// Only an account opens meetings then.
bool hosts_required(const std::string& focus_settings) {
  try {
    const YAML::Node hosts = YAML::LoadFile(focus_settings)["hosts"];
    return !hosts || !hosts["required"] || hosts["required"].as<bool>();
  } catch (const YAML::Exception&) {
    return true;
  }
}

std::vector<std::string> command(const Patient& patient) {
  std::vector<std::string> out{"cloister-load",
                               "--url",
                               fmt::format("https://{}/doctor-{}", patient.authority(), random_token(12)),
                               "--participants",
                               "2",
                               "--senders",
                               "all",
                               "--talkers",
                               "2",
                               "--seconds",
                               "2",
                               "--json",
                               "--quiet"};
  if (patient.host() != "localhost") out.emplace_back("--i-own-this-server");
  if (patient.host_account)
    for (const std::string& word : {std::string("--host"), patient.host_account->name}) out.push_back(word);
  if (!patient.installation.open.ca_file.empty())
    for (const std::string& word : {std::string("--ca-file"), patient.installation.open.ca_file})
      out.push_back(word);
  return out;
}

const char* remedy() {
  return "The lines above name the part that fails. If all of them are well: journalctl -u cloister-focus -u "
         "cloister-bridge.";
}

Finding judge(const json::object& totals) {
  const auto number = [&](const char* key) { return totals.at(key).to_number<std::int64_t>(); };
  const std::int64_t complete = number("complete");
  if (complete == 2)
    return ok(fmt::format("Two participants saw and heard each other; the slower one was in after {} ms.",
                          static_cast<std::int64_t>(totals.at("slowest_join_ms").to_number<double>())));
  std::string why;
  for (const auto& [what, count] : totals.at("errors").as_object())
    why += fmt::format(" {}.", std::string(what.data(), what.size()));
  return error(fmt::format("In a call of two, {} joined and {} received all sound and picture.{}",
                           number("in_call"), complete, why),
               remedy());
}

}  // namespace

Findings check_call(const Patient& patient) {
  if (!patient.host_account && hosts_required(patient.installation.files.focus))
    return {note("No call was tried: only hosts open meetings here. cloister doctor --host NAME tries one.")};
  const auto password = patient.host_account ? patient.host_account->password : Personal<std::string>();
  const auto ended = machine::run_program(command(patient), kPatience, password);
  if (!ended && ended.error().code == std::errc::no_such_file_or_directory)
    return {note("No call was tried: cloister-load is not installed.")};
  if (!ended)
    return {error(fmt::format("A call of two does not end: {}.", ended.error().code.message()), remedy())};
  boost::system::error_code failed;
  const json::value said = json::parse(ended->output, failed);
  if (failed || !said.is_object()) {
    const std::string first = ended->errors.substr(0, ended->errors.find('\n'));
    const std::string why =
        first.empty() ? fmt::format("cloister-load ended with {}.", ended->status) : first;
    return {error("A call of two cannot begin: " + why, remedy())};
  }
  try {
    return {judge(said.at("totals").as_object())};
  } catch (const std::exception&) {
    return {warning("cloister-load says what is not understood: is it of another version?", "Update both.")};
  }
}

}  // namespace cloister::cli::doctor
