#include "audit/evidence/entry.h"

#include <fmt/core.h>

#include <algorithm>

namespace cloister::audit::evidence {
namespace {

constexpr std::size_t kLongestHost = 255;

bool is_hex(const std::string& text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// "2026-11-21T20:15:00Z"
bool is_time(const std::string& text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
  return std::ranges::equal(text, kForm,
                            [](char c, char form) { return form == 'd' ? c >= '0' && c <= '9' : c == form; });
}

bool is_host(const std::string& text) {
  return !text.empty() && text.size() <= kLongestHost &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

std::string signed_text(const Entry& entry) {
  return fmt::format("cloister-audit-entry/1\n{}\n{}\n{}\n{}\n{}\n{}\n", entry.number, entry.time, entry.host,
                     entry.report, entry.previous, entry.key);
}

std::string digest_of(const Entry& entry) { return digest_of(signed_text(entry) + entry.signature); }

bool is_well_formed(const Entry& entry) {
  return entry.number >= 1 && is_time(entry.time) && is_host(entry.host) && is_hex(entry.report, 64) &&
         is_hex(entry.previous, 64) && is_hex(entry.key, 16) && is_hex(entry.signature, 128);
}

Entry signed_entry(const SigningKey& key, const Moment& moment, const std::string& report,
                   const Entry* previous) {
  Entry entry{.number = previous != nullptr ? previous->number + 1 : 1,
              .time = moment.time,
              .host = moment.host,
              .report = digest_of(std::string_view(report)),
              .previous = previous != nullptr ? digest_of(*previous) : kNoEntry,
              .key = key.public_key().id(),
              .signature = {}};
  entry.signature = key.sign(signed_text(entry));
  return entry;
}

}  // namespace cloister::audit::evidence
