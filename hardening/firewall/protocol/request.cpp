#include "firewall/protocol/request.h"

#include <algorithm>

namespace cloister::firewall::protocol {
namespace {

using Address = Personal<SocketAddress>;

constexpr std::size_t kHead = 2;
constexpr std::size_t kBanHead = kHead + 4 + 2 + 2;
constexpr std::size_t kAnswerHead = kHead + 5 * 4 + 1;

bool has_addresses(Kind kind) { return kind == Kind::ban || kind == Kind::unban; }

std::optional<Kind> kind_of(std::uint8_t number) {
  if (number < static_cast<std::uint8_t>(Kind::status) || number > static_cast<std::uint8_t>(Kind::confirm))
    return std::nullopt;
  return static_cast<Kind>(number);
}

template <std::size_t size>
std::array<std::uint8_t, size> take_address(ByteReader& in) {
  std::array<std::uint8_t, size> out{};
  const Bytes bytes = in.take(size);
  std::ranges::transform(bytes, out.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return out;
}

Result<void, RequestError> read_addresses(ByteReader& in, Request& request) {
  if (in.left() < kBanHead - kHead) return fail(RequestError::truncated);
  request.time = std::chrono::seconds(in.u32());
  const std::size_t v4 = in.u16();
  const std::size_t v6 = in.u16();
  if (v4 + v6 == 0) return fail(RequestError::no_address);
  if (v4 + v6 > kMostAddresses) return fail(RequestError::too_many_addresses);
  if (request.kind == Kind::ban && request.time.count() == 0) return fail(RequestError::no_time);
  if (in.left() < v4 * 4 + v6 * 16) return fail(RequestError::truncated);
  request.addresses.reserve(v4 + v6);
  for (std::size_t i = 0; i < v4; ++i)
    request.addresses.emplace_back(SocketAddress::v4(take_address<4>(in), 0));
  for (std::size_t i = 0; i < v6; ++i)
    request.addresses.emplace_back(SocketAddress::v6(take_address<16>(in), 0));
  return {};
}

std::size_t count(const std::vector<Address>& addresses, IpFamily family) {
  return static_cast<std::size_t>(std::ranges::count_if(
      addresses, [family](const Address& address) { return address.expose().family() == family; }));
}

void write_addresses(ByteWriter& out, const std::vector<Address>& addresses, IpFamily family) {
  for (const Address& address : addresses)
    if (address.expose().family() == family) out.bytes(address.expose().ip());
}

}  // namespace

Result<Request, RequestError> parse_request(Bytes record) {
  ByteReader in(record);
  if (in.left() < kHead) return fail(RequestError::truncated);
  if (in.u8() != kVersion) return fail(RequestError::other_version);
  const auto kind = kind_of(in.u8());
  if (!kind) return fail(RequestError::unknown_kind);
  Request request{.kind = *kind, .time = {}, .addresses = {}};
  if (has_addresses(*kind))
    if (const auto read = read_addresses(in, request); !read) return fail(read.error());
  if (in.left() != 0) return fail(RequestError::bytes_left);
  return request;
}

std::vector<std::byte> write_request(const Request& request) {
  const std::size_t v4 = count(request.addresses, IpFamily::v4);
  const std::size_t v6 = request.addresses.size() - v4;
  std::vector<std::byte> record(has_addresses(request.kind) ? kBanHead + v4 * 4 + v6 * 16 : kHead);
  ByteWriter out(record);
  out.u8(kVersion).u8(static_cast<std::uint8_t>(request.kind));
  if (!has_addresses(request.kind)) return record;
  out.u32(static_cast<std::uint32_t>(request.time.count()));
  out.u16(static_cast<std::uint16_t>(v4)).u16(static_cast<std::uint16_t>(v6));
  write_addresses(out, request.addresses, IpFamily::v4);
  write_addresses(out, request.addresses, IpFamily::v6);
  return record;
}

Result<Answer, AnswerError> parse_answer(Bytes record) {
  ByteReader in(record);
  if (in.left() < kAnswerHead) return fail(AnswerError::truncated);
  if (in.u8() != kVersion) return fail(AnswerError::other_version);
  const std::uint8_t outcome = in.u8();
  if (outcome > static_cast<std::uint8_t>(Outcome::nothing_to_confirm))
    return fail(AnswerError::unknown_outcome);
  Answer answer{.outcome = static_cast<Outcome>(outcome), .status = {}, .text = {}};
  Status& status = answer.status;
  for (std::uint32_t* number :
       {&status.bans4, &status.bans6, &status.rules, &status.restored, &status.seconds_to_confirm})
    *number = in.u32();
  status.in_force = in.u8() != 0;
  answer.text = as_text(in.rest());
  return answer;
}

std::vector<std::byte> write_answer(const Answer& answer) {
  const std::string_view text = std::string_view(answer.text).substr(0, kLongestAnswer - kAnswerHead);
  std::vector<std::byte> record(kAnswerHead + text.size());
  ByteWriter out(record);
  const Status& status = answer.status;
  out.u8(kVersion).u8(static_cast<std::uint8_t>(answer.outcome));
  for (const std::uint32_t number :
       {status.bans4, status.bans6, status.rules, status.restored, status.seconds_to_confirm})
    out.u32(number);
  out.u8(status.in_force ? 1 : 0).bytes(as_bytes(text));
  return record;
}

}  // namespace cloister::firewall::protocol
