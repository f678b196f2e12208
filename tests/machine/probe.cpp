// Stands in the place of a service's program, inside its sandbox, and tries what it is told:
//   probe ACTION ARGUMENT … , ACTION ARGUMENT … , …
// Prints a line per action: ok, or why not. Linked statically: it needs no other file.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

constexpr int kPatience = 1000;  // milliseconds

int open_file(const std::string& path, int flags) {
  const int file = open(path.c_str(), flags, 0700);
  if (file < 0) return errno;
  char byte = 0;
  const bool reads = (flags & O_ACCMODE) == O_RDONLY;
  const int error = reads && read(file, &byte, 1) < 0 ? errno : 0;
  close(file);
  return error;
}

sockaddr_in address(const Words& words) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  inet_pton(AF_INET, words[1].c_str(), &to.sin_addr);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(words[2])));
  return to;
}

int connect_to(const Words& words) {
  const int stream = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (stream < 0) return errno;
  const sockaddr_in to = address(words);
  if (connect(stream, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd ready{stream, POLLOUT, 0};
  if (poll(&ready, 1, kPatience) == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(stream, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

int send_to(const Words& words) {
  const int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  if (datagrams < 0) return errno;
  const sockaddr_in to = address(words);
  return sendto(datagrams, "", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0 ? errno : 0;
}

int listen_on(const Words& words) {
  const int stream = socket(AF_INET, SOCK_STREAM, 0);
  if (stream < 0) return errno;
  const sockaddr_in at = address({"", "127.0.0.1", words[1]});
  return bind(stream, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ? errno : 0;
}

int connect_unix(const Words& words) {
  const int local = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  if (local < 0) return errno;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  words[1].copy(to.sun_path, sizeof to.sun_path - 1);
  return connect(local, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 ? errno : 0;
}

int open_socket(int family, int kind) {
  const int opened = socket(family, kind, 0);
  return opened < 0 ? errno : 0;
}

// In a child, which the new program would replace: its end tells whether that happened.
int run(const std::string& program) {
  const pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    execl(program.c_str(), program.c_str(), nullptr);
    _exit(errno);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

// What an intruder would bring along: a program of their own in a folder that can be written.
int run_copy(const Words& words) {
  const int from = open("/proc/self/exe", O_RDONLY);
  const int to = open(words[1].c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0755);
  if (from < 0 || to < 0) return errno;
  while (sendfile(to, from, nullptr, 1 << 20) > 0) continue;
  close(from);
  close(to);
  return run(words[1]);
}

int map_code() {
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0 ? errno : 0;
}

// Calls that change the process itself, in a child.
int in_child(const std::function<int()>& call) {
  const pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) _exit(call() != 0 ? errno : 0);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

const std::map<std::string, std::function<int(const Words&)>> kActions{
    {"read",         [](const Words& w) { return open_file(w[1], O_RDONLY); }                               },
    {"write",        [](const Words& w) { return open_file(w[1], O_WRONLY | O_CREAT); }                     },
    {"connect",      connect_to                                                                             },
    {"connect-unix", connect_unix                                                                           },
    {"send",         send_to                                                                                },
    {"listen",       listen_on                                                                              },
    {"run",          [](const Words& w) { return run(w[1]); }                                               },
    {"run-copy",     run_copy                                                                               },
    {"packets",      [](const Words&) { return open_socket(AF_PACKET, SOCK_RAW); }                          },
    {"netlink",      [](const Words&) { return open_socket(AF_NETLINK, SOCK_RAW); }                         },
    {"map-code",     [](const Words&) { return map_code(); }                                                },
    {"namespace",    [](const Words&) { return in_child([] { return unshare(CLONE_NEWUSER); }); }           },
    {"mount",        [](const Words&) { return mount("x", "/mnt", "tmpfs", 0, nullptr) ? errno : 0; }       },
    {"become-root",  [](const Words&) { return in_child([] { return setuid(0); }); }                        },
    {"trace",
     [](const Words&) { return in_child([] { return static_cast<int>(ptrace(PTRACE_TRACEME, 0, 0, 0)); }); }},
    {"signal-init",  [](const Words&) { return kill(1, 0) != 0 ? errno : 0; }                               },
    {"rename-host",  [](const Words&) { return sethostname("changed", 7) != 0 ? errno : 0; }                },
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 0;  // run as a program that somebody brought along
  Words words;
  for (int i = 1; i <= argc; ++i) {
    if (i < argc && std::strcmp(argv[i], ",") != 0) {
      words.emplace_back(argv[i]);
      continue;
    }
    const auto action = kActions.find(words.at(0));
    if (action == kActions.end()) return 2;
    const int error = action->second(words);
    for (const std::string& word : words) std::printf("%s ", word.c_str());
    std::printf(": %s\n", error == 0 ? "ok" : std::strerror(error));
    words.clear();
  }
}
