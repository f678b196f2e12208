#include "cli/machine/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "net/udp_socket.h"

namespace cloister::cli::machine {
namespace {

using net::FileDescriptor;
using Clock = std::chrono::steady_clock;

SystemError last_error(const char* doing) {
  return {
      {errno, std::generic_category()},
      doing
  };
}

struct Pipe {
  FileDescriptor read, write;

  static Result<Pipe, SystemError> make() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(last_error("making a pipe"));
    return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
  }
};

Result<pid_t, SystemError> start(const std::vector<std::string>& words, const Pipe& input, const Pipe& output,
                                 const Pipe& errors) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<char, 9> plain{"LC_ALL=C"};
  std::vector<char*> environment{plain.data()};
  for (char** one = environ; *one != nullptr; ++one)
    if (std::strncmp(*one, "LC_ALL=", 7) != 0) environment.push_back(*one);
  environment.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input.read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, errors.write.get(), STDERR_FILENO);
  pid_t process = 0;
  errno = posix_spawnp(&process, arguments[0], &files, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&files);
  if (errno != 0) return fail(last_error("starting a program"));
  return process;
}

// False at its end.
bool read_some(int from, std::string& into) {
  std::array<char, 16384> piece;
  const ssize_t count = read(from, piece.data(), piece.size());
  if (count <= 0) return count < 0 && errno == EINTR;
  if (into.size() < kMostOutput) into.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

// False when the time was up first.
bool read_all(const Pipe& output, const Pipe& errors, Clock::time_point until, Ended& into) {
  std::array<pollfd, 2> open{
      pollfd{.fd = output.read.get(), .events = POLLIN, .revents = 0},
      pollfd{.fd = errors.read.get(), .events = POLLIN, .revents = 0}
  };
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(open.data(), open.size(), static_cast<int>(left)) < 0 && errno != EINTR) return false;
    if (open[0].revents != 0 && !read_some(open[0].fd, into.output)) open[0].fd = -1;
    if (open[1].revents != 0 && !read_some(open[1].fd, into.errors)) open[1].fd = -1;
  }
  return true;
}

}  // namespace

Result<Ended, SystemError> run_program(const std::vector<std::string>& words, std::chrono::seconds patience,
                                       const Personal<std::string>& input) {
  auto given = Pipe::make();
  if (!given) return fail(given.error());
  // a pipe holds more than the few lines, so this does not wait for whoever reads
  if (write(given->write.get(), input.expose().data(), input.expose().size()) < 0)
    return fail(last_error("writing to a pipe"));
  given->write = FileDescriptor();
  auto output = Pipe::make();
  if (!output) return fail(output.error());
  auto errors = Pipe::make();
  if (!errors) return fail(errors.error());
  const auto process = start(words, *given, *output, *errors);
  if (!process) return fail(process.error());
  output->write = FileDescriptor();
  errors->write = FileDescriptor();
  Ended ended;
  const bool in_time = read_all(*output, *errors, Clock::now() + patience, ended);
  if (!in_time) kill(*process, SIGKILL);
  int status = 0;
  while (waitpid(*process, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time) return fail(SystemError{std::make_error_code(std::errc::timed_out), "waiting for a program"});
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

}  // namespace cloister::cli::machine
