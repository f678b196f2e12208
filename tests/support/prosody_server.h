// A real Prosody of the test's own, on free loopback ports, with everything it writes in a directory that
// goes with it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

extern char** environ;

namespace cloister::support {

class ProsodyServer {
public:
  static constexpr const char* kProgram = "/usr/bin/prosody";
  static bool installed() { return access(kProgram, X_OK) == 0; }

  // Hosts: `auth.<domain>` with these accounts (and `other.internal`, which the certificate does not name),
  // rooms at conference.<domain> and internal.auth.<domain>, component focus.<domain>.
  explicit ProsodyServer(std::map<std::string, std::string> accounts) {
    std::string pattern = (std::filesystem::temp_directory_path() / "cloister-prosody-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    write_accounts(accounts);
    make_certificate();
    write_configuration();
    start();
  }
  ~ProsodyServer() {
    stop();
    std::filesystem::remove_all(directory_);
  }
  ProsodyServer(const ProsodyServer&) = delete;
  ProsodyServer& operator=(const ProsodyServer&) = delete;

  // It ends with the test, also when that is killed.
  void start() {
    process_ =
        run({"setpriv", "--pdeathsig", "TERM", kProgram, "-F", "--config", directory_ / "prosody.cfg.lua"});
  }
  void stop() {
    if (process_ == 0) return;
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }

  std::uint16_t client_port() const { return client_port_; }
  std::uint16_t component_port() const { return component_port_; }
  std::string certificate() const { return directory_ / "server.pem"; }
  static constexpr const char* kDomain = "cloister.internal";
  static constexpr const char* kComponentSecret = "component secret";

private:
  static std::uint16_t free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    close(fd);
    return ntohs(address.sin_port);
  }

  static pid_t run(std::vector<std::string> command) {
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", 1, 0);
    pid_t process = 0;
    posix_spawnp(&process, arguments[0], &quiet, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&quiet);
    return process;
  }

  void write_accounts(const std::map<std::string, std::string>& accounts) {
    const auto folder = directory_ / "data" / "auth%2ecloister%2einternal" / "accounts";
    std::filesystem::create_directories(folder);
    for (const auto& [name, password] : accounts) {
      std::ofstream(folder / (name + ".dat")) << "return { [\"password\"] = \"" << password << "\" }\n";
    }
  }

  void make_certificate() {
    const pid_t process =
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "2", "-subj", "/CN=cloister.internal", "-addext",
             "subjectAltName=DNS:cloister.internal,DNS:auth.cloister.internal", "-keyout",
             directory_ / "server.key", "-out", certificate()});
    waitpid(process, nullptr, 0);
  }

  void write_configuration() const {
    std::ofstream out(directory_ / "prosody.cfg.lua");
    out << "run_as_root = true; log = {}; default_storage = 'memory'; storage = { accounts = 'internal' }\n"
        << "data_path = '" << (directory_ / "data").string() << "'\n"
        << "pidfile = '" << (directory_ / "prosody.pid").string() << "'\n"
        << "interfaces = { '127.0.0.1' }; c2s_ports = { " << client_port_ << " }; s2s_ports = {}\n"
        << "component_interfaces = { '127.0.0.1' }; component_ports = { " << component_port_ << " }\n"
        << "modules_enabled = { 'saslauth', 'tls', 'disco', 'ping', 'smacks' }\n"
        << "modules_disabled = { 's2s', 'offline', 'lastactivity' }\n"
        << "authentication = 'internal_plain'; c2s_require_encryption = false; allow_unencrypted_plain_auth "
           "= false\n"
        << "ssl = { certificate = '" << certificate() << "', key = '" << (directory_ / "server.key").string()
        << "', protocol = 'tlsv1_2+' }\n"
        << "VirtualHost 'cloister.internal'\n"
        << "VirtualHost 'auth.cloister.internal'\n"
        << "VirtualHost 'other.internal'\n"  // not a name of the certificate
        << "Component 'conference.cloister.internal' 'muc'\n"
        << "  restrict_room_creation = true; muc_room_locking = false; muc_room_default_public_jids = true\n"
        << "  muc_tombstones = false; max_history_messages = 0; admins = { 'focus@auth.cloister.internal' }\n"
        << "Component 'internal.auth.cloister.internal' 'muc'\n"
        << "  muc_room_locking = false; muc_room_default_public_jids = true; muc_tombstones = false\n"
        << "Component 'focus.cloister.internal'\n"
        << "  component_secret = '" << kComponentSecret << "'\n";
  }

  std::filesystem::path directory_;
  std::uint16_t client_port_ = free_port();
  std::uint16_t component_port_ = free_port();
  pid_t process_ = 0;
};

}  // namespace cloister::support
