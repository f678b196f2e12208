#include "cli/machine/totals.h"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <boost/json/parse.hpp>

#include "net/web_visit.h"

namespace cloister::cli::machine {
namespace {

Result<Totals, std::string> totals(const LoopbackHttp& at, const std::string& target) {
  const auto stats = get_json(at, target);
  if (!stats) return fail(stats.error());
  const auto* const meetings = stats->if_contains("conferences");
  const auto* const participants = stats->if_contains("participants");
  if (meetings == nullptr || participants == nullptr || !meetings->is_number() || !participants->is_number())
    return fail(std::string("it tells no totals: is it of another version?"));
  return Totals{.meetings = meetings->to_number<std::int64_t>(),
                .participants = participants->to_number<std::int64_t>()};
}

}  // namespace

Result<LoopbackHttp, std::string> http_of(const std::string& settings_file, std::uint16_t usual_port) {
  LoopbackHttp out{.port = usual_port};
  try {
    const YAML::Node http = YAML::LoadFile(settings_file)["http"];
    if (http && http["address"]) out.address = http["address"].as<std::string>();
    if (http && http["port"]) out.port = http["port"].as<std::uint16_t>();
  } catch (const YAML::Exception&) {
    return fail(fmt::format("{} cannot be read", settings_file));
  }
  if (out.port == 0) return fail(fmt::format("{} switches its HTTP off", settings_file));
  return out;
}

Result<boost::json::object, std::string> get_json(const LoopbackHttp& at, const std::string& target) {
  const auto address = SocketAddress::parse(at.address, at.port);
  if (!address) return fail(fmt::format("{} is no address", at.address));
  const auto page = net::visit({.at = *address, .host = at.address, .tls = false, .target = target});
  if (!page) return fail(fmt::format("it does not answer on port {}: {}", at.port, page.error().why));
  if (page->response.status != 200) return fail(fmt::format("it answers {}", page->response.status));
  boost::system::error_code error;
  const auto value = boost::json::parse(page->response.body, error);
  if (error || !value.is_object()) return fail(std::string("what it answers is no JSON"));
  return value.as_object();
}

Result<Totals, std::string> totals_of_focus(const LoopbackHttp& at) { return totals(at, "/stats"); }
Result<Totals, std::string> totals_of_bridge(const LoopbackHttp& at) { return totals(at, "/colibri/stats"); }

}  // namespace cloister::cli::machine
