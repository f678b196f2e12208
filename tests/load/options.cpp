#include "load/options.h"

#include <CLI/CLI.hpp>
#include <charconv>

namespace cloister::load {
namespace {

constexpr int kMostParticipants = 1000;

std::string check_senders(const std::string& text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool number = error == std::errc() && end == text.data() + text.size() && count >= 0;
  return text == "all" || number ? std::string() : "a number or the word all";
}

}  // namespace

int Options::sender_count() const {
  return senders == "all" ? participants : std::min(std::atoi(senders.c_str()), participants);
}

std::optional<Options> parse_options(int argc, char** argv, int& status) {
  CLI::App app(
      "Joins a meeting with many participants at once, as browsers do (XMPP, ICE, DTLS, SRTP, bridge "
      "channel), sends "
      "video and audio without content, and reports what each of them received.\n"
      "For servers of your own: anything but this machine's loopback needs --i-own-this-server.");
  app.footer("Status 0: all joined and each received all audio and video; 1: not so; 2: could not begin.");
  Options options;
  app.add_option("--url", options.url, "the meeting: https://HOST[:PORT]/ROOM")->required();
  app.add_option("--participants", options.participants)
      ->check(CLI::Range(2, kMostParticipants))
      ->capture_default_str();
  app.add_option("--senders", options.senders, "how many send video; or: all")
      ->check(check_senders)
      ->capture_default_str();
  app.add_option("--talkers", options.talkers, "how many send audio")
      ->check(CLI::Range(0, kMostParticipants))
      ->capture_default_str();
  app.add_option("--layers", options.layers, "encodings of a video: 180, 360 and 720 lines")
      ->check(CLI::Range(1, 3))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "measured, once all are in the call")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  app.add_option("--ramp", options.ramp, "participants that join in a second")
      ->check(CLI::Range(0.1, 1000.0))
      ->capture_default_str();
  app.add_option("--joining", options.joining, "participants that are on their way at a time, at most")
      ->check(CLI::Range(1, kMostParticipants))
      ->capture_default_str();
  app.add_option("--stage-height", options.stage_height, "lines that each asks for of one video")
      ->check(CLI::Range(0, 2160))
      ->capture_default_str();
  app.add_option("--tile-height", options.tile_height, "lines that each asks for of the other videos")
      ->check(CLI::Range(0, 2160))
      ->capture_default_str();
  app.add_option("--name", options.name, "of the participants, who are counted: load 1, load 2 …")
      ->capture_default_str();
  app.add_option("--host", options.host,
                 "the first one signs in as this host; the password is a line of standard input");
  app.add_option("--wait", options.wait, "seconds outside, for the host to come and to let in; 0: none")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_flag("--come-again", options.come_again, "who is removed tries to enter once more");
  app.add_flag("--no-media{false}", options.media, "joins, and takes the offer; no connection to the bridge");
  app.add_flag("--websocket-channel", options.web_socket_channel,
               "messages to the bridge over a WebSocket, not SCTP");
  app.add_option("--threads", options.threads, "0: one per processor")->check(CLI::Range(0, 256));
  CLI::Option* ca = app.add_option("--ca-file", options.ca_file, "certificate authority to trust (PEM)");
  app.add_flag("--insecure", options.insecure, "trust any certificate")->excludes(ca);
  app.add_flag("--i-own-this-server", options.own_server, "allows a target that is not on this machine");
  app.add_flag("--json", options.json, "one JSON object in place of the table");
  app.add_flag("--quiet", options.quiet, "no progress");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return options;
}

}  // namespace cloister::load
