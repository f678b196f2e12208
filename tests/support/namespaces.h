// Network namespaces for tests on real sockets: interfaces and ports of their own, gone with the test.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "net/udp_socket.h"

namespace cloister::test {

// New ones, for the calling thread. The one it was in comes back at the end; the others end with their last
// user.
class Namespaces {
public:
  explicit Namespaces(std::size_t count) : home_(open_current()) {
    while (made_.size() < count && unshare(CLONE_NEWNET) == 0) made_.push_back(open_current());
    complete_ = made_.size() == count;
  }
  ~Namespaces() { setns(home_.get(), CLONE_NEWNET); }
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

  // False without the right to make them: then the test is to be skipped.
  bool made() const { return complete_; }
  void enter(std::size_t number) const { ASSERT_EQ(setns(made_[number].get(), CLONE_NEWNET), 0); }
  // For `ip … netns`.
  std::string path(std::size_t number) const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(made_[number].get());
  }

private:
  static net::FileDescriptor open_current() {
    return net::FileDescriptor(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  }
  net::FileDescriptor home_;
  std::vector<net::FileDescriptor> made_;
  bool complete_ = false;
};

// ip(8) in the namespace of the calling thread.
inline void ip(const std::string& words) {
  ASSERT_EQ(std::system(("ip " + words).c_str()), 0) << words;  // NOLINT: a test's own words
}

}  // namespace cloister::test
