// What may be asked of the guard, and what it answers: all that crosses its socket. A request and an answer
// are one record each of a SOCK_SEQPACKET connection; after one answer the guard closes. Numbers in network
// order.
//
//   request  version kind                                        (2 bytes: all kinds but two)
//            version kind seconds:u32 n4:u16 n6:u16 n4×4 n6×16   (ban; unban with seconds 0)
//   answer   version outcome …                                   see Answer
//
// A rule, a port, a file name cannot be asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/personal.h"
#include "base/result.h"
#include "base/socket_address.h"

namespace cloister::firewall::protocol {

inline constexpr std::uint8_t kVersion = 1;
inline constexpr const char* kSocket = "/run/cloister-guard/socket";
inline constexpr std::size_t kMostAddresses = 10'000;  // one request is at most 160 kB
inline constexpr std::size_t kLongestRequest = 10 + kMostAddresses * 16;
inline constexpr std::size_t kLongestAnswer = 8 * 1024;

enum class Kind : std::uint8_t {
  status = 1,
  ban = 2,
  unban = 3,
  reload = 4,   // the settings file, at once
  apply = 5,    // the settings file, until taken back: see confirm
  confirm = 6,  // what was applied stays
};

struct Request {
  Kind kind = Kind::status;
  std::chrono::seconds time{0};                    // of a ban
  std::vector<Personal<SocketAddress>> addresses;  // of ban and unban; port 0
  friend bool operator==(const Request&, const Request&) = default;
};

enum class RequestError : std::uint8_t {
  truncated,
  other_version,
  unknown_kind,
  no_address,
  too_many_addresses,
  no_time,
  bytes_left,  // more bytes than its kind has
};

Result<Request, RequestError> parse_request(Bytes record);
std::vector<std::byte> write_request(const Request& request);

enum class Outcome : std::uint8_t {
  done = 0,
  not_understood = 1,
  not_allowed = 2,     // not for this user, or this address may not be banned
  bad_settings = 3,    // nothing changed; `text` says what is wrong, file and line
  kernel_refused = 4,  // nothing changed; `text` says what the system said
  set_is_full = 5,     // nothing changed
  not_banned = 6,
  nothing_to_confirm = 7,
};

// Totals; nobody can be told from them.
struct Status {
  std::uint32_t bans4 = 0;
  std::uint32_t bans6 = 0;
  std::uint32_t rules = 0;
  std::uint32_t restored = 0;            // times that somebody else had changed our rules
  std::uint32_t seconds_to_confirm = 0;  // 0: nothing waits for it
  bool in_force = false;                 // the kernel holds what is wanted
  friend bool operator==(const Status&, const Status&) = default;
};

struct Answer {
  Outcome outcome = Outcome::done;
  Status status;     // of Kind::status; else zero, but for seconds_to_confirm after apply
  std::string text;  // for the operator; cut at kLongestAnswer
  friend bool operator==(const Answer&, const Answer&) = default;
};

enum class AnswerError : std::uint8_t { truncated, other_version, unknown_outcome };

Result<Answer, AnswerError> parse_answer(Bytes record);
std::vector<std::byte> write_answer(const Answer& answer);

}  // namespace cloister::firewall::protocol
