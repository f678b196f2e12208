// usrsctp asks gettimeofday() for itself (round-trip times, what is old enough to be sent again). A test that
// steps the clock must step that one too: include this in exactly one file of the binary, and the time of day
// is the time of the MemoryNetwork.
#pragma once

#include <sys/time.h>
#include <time.h>

#include "support/memory_network.h"

extern "C" int gettimeofday(timeval* __restrict out, void* __restrict) noexcept {
  std::int64_t nanoseconds = cloister::test::stepped_time.load();
  if (nanoseconds == 0) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    nanoseconds = now.tv_sec * 1'000'000'000 + now.tv_nsec;
  }
  out->tv_sec = nanoseconds / 1'000'000'000;
  out->tv_usec = nanoseconds % 1'000'000'000 / 1000;
  return 0;
}
