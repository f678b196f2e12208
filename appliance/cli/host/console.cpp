#include "cli/host/console.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace cloister::cli::host {

using gate::secrets::Secret;

namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::array kInterrupts{SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGTSTP};

volatile std::sig_atomic_t interrupted = 0;
void on_interrupt(int number) { interrupted = number; }

// Switches the terminal's echo off, and on again also when the program is interrupted meanwhile. The signals
// are held back but for the wait, so that none falls between a look at them and the reading.
class HiddenTyping {
public:
  HiddenTyping() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    sigset_t held{};
    sigemptyset(&held);
    for (const int number : kInterrupts) sigaddset(&held, number);
    sigprocmask(SIG_BLOCK, &held, &free_);
    struct sigaction handler {};
    handler.sa_handler = on_interrupt;
    for (std::size_t i = 0; i < kInterrupts.size(); ++i) sigaction(kInterrupts[i], &handler, &handlers_[i]);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    hidden_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~HiddenTyping() {
    if (!hidden_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < kInterrupts.size(); ++i) sigaction(kInterrupts[i], &handlers_[i], nullptr);
    if (interrupted != 0) raise(interrupted);
    sigprocmask(SIG_SETMASK, &free_, nullptr);  // what was raised takes effect here
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

  // False when a signal came instead of a line.
  bool wait_for_line() const {
    pollfd terminal{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    return !hidden_ || ppoll(&terminal, 1, nullptr, &free_) == 1;
  }

private:
  termios before_{};
  sigset_t free_{};
  std::array<struct sigaction, kInterrupts.size()> handlers_{};
  bool hidden_ = false;
};

// Unbuffered, so that no library keeps a copy.
std::optional<Secret> read_line() {
  std::string line;
  line.reserve(kLongestLine);
  char c = '\0';
  ssize_t count = 0;
  while (line.size() < kLongestLine && (count = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n') line += c;
  const bool ended = count <= 0 && line.empty();
  if (!line.empty() && line.back() == '\r') line.pop_back();
  Secret secret(line);
  wipe(line);
  return ended ? std::nullopt : std::optional(std::move(secret));
}

}  // namespace

bool at_terminal() { return isatty(STDIN_FILENO) == 1; }

std::optional<Secret> ask_line(const std::string& prompt, Echo echo) {
  if (!at_terminal()) return read_line();
  // Hidden before the question stands there: nobody types too early.
  std::optional<HiddenTyping> hidden;
  if (echo == Echo::hidden) hidden.emplace();
  std::fputs(prompt.c_str(), stderr);
  if (hidden && !hidden->wait_for_line()) return std::nullopt;
  return read_line();
}

int complain(const std::string& what) {
  std::fprintf(stderr, "cloister: %s\n", what.c_str());
  return 1;
}

}  // namespace cloister::cli::host
