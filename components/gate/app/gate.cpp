#include "gate/app/gate.h"

#include "base/random.h"
#include "gate/app/guard_socket.h"

namespace cloister::gate::app {
namespace {

constexpr Duration kTidyEvery = 60s;
constexpr std::size_t kMostConnections = 256;
constexpr std::size_t kMostBody = 8 * 1024;

std::unique_ptr<sign_in::BanRequests> ban_requests(const std::string& guard_socket) {
  if (guard_socket.empty()) return std::make_unique<NobodyBans>();
  return std::make_unique<GuardSocket>(guard_socket);
}

}  // namespace

Result<std::unique_ptr<Gate>, SystemError> Gate::make(net::Reactor& reactor, const Settings& settings) {
  auto key = secrets::SealingKey::load(settings.state.key_file);
  if (!key) return fail(key.error());
  auto accounts = accounts::HostAccounts::open(settings.state.database, std::move(*key));
  if (!accounts) return fail(accounts.error());
  // Nobody knows this password; names without an account are checked against it.
  auto dummy = secrets::make_verifier(secrets::Secret(random_token(32)), settings.password_cost);
  if (!dummy) return fail(dummy.error());
  std::unique_ptr<Gate> gate(new Gate(reactor, settings, std::move(*accounts), std::move(*dummy)));
  if (auto listening = gate->listen(settings.http); !listening) return fail(listening.error());
  return gate;
}

Gate::Gate(net::Reactor& reactor, const Settings& settings, std::unique_ptr<accounts::HostAccounts> accounts,
           std::string dummy_verifier)
    : reactor_(reactor),
      accounts_(std::move(accounts)),
      bans_(ban_requests(settings.guard_socket)),
      checks_(settings.password_cost,
              [&reactor](std::function<void()> done) { reactor.post(std::move(done)); }),
      sign_in_({.accounts = *accounts_,
                .checks = checks_,
                .bans = *bans_,
                .clock = clock_,
                .time_of_day = [] { return std::chrono::system_clock::now(); }},
               settings.limits, settings.tokens, std::move(dummy_verifier)),
      api_(sign_in_, secrets::Secret(settings.http.callers_key), settings.tokens.first_use),
      tidying_(reactor) {
  tidy_up();
}

Gate::~Gate() = default;

Result<void, SystemError> Gate::listen(const HttpSettings& settings) {
  auto http = net::HttpServer::listen(reactor_, {.address = settings.address,
                                                 .port = settings.port,
                                                 .max_connections = kMostConnections,
                                                 .max_body_bytes = kMostBody});
  if (!http) return fail(http.error());
  http_ = std::move(*http);
  http_->on_request([this](net::HttpRequest request, net::HttpResponder responder) {
    api_.on_request(request, std::move(responder));
    wipe(request.body);  // a password
  });
  return {};
}

void Gate::tidy_up() {
  sign_in_.forget_old();
  tidying_.start(kTidyEvery, [this] { tidy_up(); });
}

}  // namespace cloister::gate::app
