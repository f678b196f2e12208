#include "gate/app/settings.h"

#include "base/socket_address.h"

namespace cloister::gate::app {
namespace {

constexpr std::size_t kLeastCallersKey = 20;  // characters

void read_state(SettingsReader in, StateSettings& state) {
  in.read("database", state.database);
  in.read("key_file", state.key_file);
  in.finish();
}

void read_http(SettingsReader in, HttpSettings& http) {
  in.read("address", http.address);
  in.read_number<std::uint16_t>("port", http.port, 0, 65535);
  const auto address = SocketAddress::parse(http.address, 0);
  if (!address || !address->is_loopback())
    in.complain("address", "is not an address of this machine alone (127.0.0.1 or ::1)");
  in.read_secret_file("callers_key_file", http.callers_key);
  if (!http.callers_key.empty() && http.callers_key.size() < kLeastCallersKey)
    in.complain("callers_key_file", "holds a key of less than 20 characters");
  in.finish();
}

void read_cost(SettingsReader in, secrets::HashCost& cost) {
  // The least is what OWASP asks of Argon2id with this many passes; tests may go lower than is wise.
  in.read_number<std::uint32_t>("memory_kib", cost.memory_kib, 1024, 1024 * 1024);
  in.read_number<std::uint32_t>("passes", cost.passes, 1, 20);
  in.finish();
}

void read_seconds(SettingsReader& in, const std::string& key, Duration& into) {
  std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(into).count();
  in.read_number<std::int64_t>(key, seconds, 1, 7 * 86400);
  into = std::chrono::seconds(seconds);
}

void read_limits(SettingsReader in, sign_in::LimitSettings& limits) {
  in.read_number<unsigned>("failures_a_minute", limits.free_failures, 1, 1000);
  read_seconds(in, "first_wait_seconds", limits.first_wait);
  read_seconds(in, "longest_source_wait_seconds", limits.longest_source_wait);
  read_seconds(in, "longest_account_wait_seconds", limits.longest_account_wait);
  in.read_number<unsigned>("ban_after", limits.ban_after, 1, 1000000);
  read_seconds(in, "ban_seconds", limits.ban_length);
  in.finish();
}

void read_tokens(SettingsReader in, sign_in::TokenSettings& tokens) {
  read_seconds(in, "first_use_seconds", tokens.first_use);
  read_seconds(in, "lifetime_seconds", tokens.lifetime);
  in.finish();
}

}  // namespace

Result<Settings, SettingsError> load_settings(const std::string& file) {
  Settings settings;
  const std::vector<std::string> problems = read_settings(file, [&settings](SettingsReader& in) {
    read_state(in.section("state"), settings.state);
    read_http(in.section("http"), settings.http);
    in.read("issuer", settings.issuer);
    read_cost(in.section("password_cost"), settings.password_cost);
    read_limits(in.section("limits"), settings.limits);
    read_tokens(in.section("tokens"), settings.tokens);
    in.read("guard_socket", settings.guard_socket);
    in.finish();
  });
  if (!problems.empty()) return fail(SettingsError{problems});
  return settings;
}

}  // namespace cloister::gate::app
