// The command line of cloister-load.
#pragma once

#include <optional>
#include <string>

namespace cloister::load {

struct Options {
  std::string url;
  int participants = 50;
  std::string senders = "1";  // a number, or "all"
  int talkers = 1;
  int layers = 3;
  int seconds = 10;
  double ramp = 10;  // participants a second
  int joining = 20;  // on their way at a time
  int stage_height = 720;
  int tile_height = 180;
  std::string name = "load";
  std::string host;  // who signs in, by a password on standard input; empty: nobody
  int wait = 0;      // seconds outside: for the host, and in the lobby; 0: whoever is not let in has failed
  bool come_again = false;
  bool media = true;
  bool web_socket_channel = false;
  std::string ca_file;
  bool insecure = false;
  bool own_server = false;
  int threads = 0;  // 0: one per processor
  bool json = false;
  bool quiet = false;

  int sender_count() const;
};

// Nothing when the program is to end with `status` (help was shown, or the options make no sense, which has
// been said).
std::optional<Options> parse_options(int argc, char** argv, int& status);

}  // namespace cloister::load
