// The whole process, built once: accounts, the decision, HTTP. The gate's thread, and one that checks
// passwords.
#pragma once

#include <memory>

#include "gate/app/settings.h"
#include "gate/http/http_api.h"
#include "gate/sign_in/check_thread.h"
#include "net/http_server.h"
#include "net/timer.h"

namespace cloister::gate::app {

class Gate {
public:
  static Result<std::unique_ptr<Gate>, SystemError> make(net::Reactor& reactor, const Settings& settings);
  ~Gate();

  std::uint16_t http_port() const { return http_->port(); }

private:
  Gate(net::Reactor& reactor, const Settings& settings, std::unique_ptr<accounts::HostAccounts> accounts,
       std::string dummy_verifier);
  Result<void, SystemError> listen(const HttpSettings& settings);
  void tidy_up();

  net::Reactor& reactor_;
  SteadyClock clock_;
  std::unique_ptr<accounts::HostAccounts> accounts_;
  std::unique_ptr<sign_in::BanRequests> bans_;
  sign_in::CheckThread checks_;
  sign_in::SignIn sign_in_;
  http::HttpApi api_;
  std::unique_ptr<net::HttpServer> http_;
  net::Timer tidying_;
};

}  // namespace cloister::gate::app
