#include "audit/evidence/bundle.h"

#include <fmt/core.h>

#include <boost/json.hpp>
#include <optional>

#include "audit/reports/json.h"

namespace cloister::audit::evidence {
namespace {

namespace json = boost::json;

constexpr const char* kBundleFormat = "cloister-audit-evidence/1";
constexpr std::size_t kMostDepth = 4;

json::object object_of(const Entry& entry) {
  return {
      {"number",    entry.number   },
      {"time",      entry.time     },
      {"host",      entry.host     },
      {"report",    entry.report   },
      {"previous",  entry.previous },
      {"key",       entry.key      },
      {"signature", entry.signature},
  };
}

std::optional<std::string> text_of(const json::object& object, const char* name) {
  const json::value* const value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<Entry> entry_of(const json::value& value) {
  const json::object* const object = value.if_object();
  if (object == nullptr || object->size() != 7) return std::nullopt;
  Entry entry;
  const json::value* const number = object->if_contains("number");
  if (number == nullptr || !number->is_int64() || number->get_int64() < 1) return std::nullopt;
  entry.number = static_cast<std::uint64_t>(number->get_int64());
  for (const auto& [name, into] : {std::pair("time", &entry.time), std::pair("host", &entry.host),
                                   std::pair("report", &entry.report), std::pair("previous", &entry.previous),
                                   std::pair("key", &entry.key), std::pair("signature", &entry.signature)}) {
    auto text = text_of(*object, name);
    if (!text) return std::nullopt;
    *into = std::move(*text);
  }
  if (!is_well_formed(entry)) return std::nullopt;
  return entry;
}

}  // namespace

std::string json_text(const Bundle& bundle) {
  json::array chain;
  for (const Entry& entry : bundle.chain) chain.push_back(object_of(entry));
  return json::serialize(json::object{
      {"format", kBundleFormat   },
      {"chain",  std::move(chain)},
      {"report", bundle.report   },
  });
}

Result<Bundle, std::string> parse_bundle(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kMostDepth;
  const json::value parsed = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return fail("this is no JSON: " + error.message());
  const json::object* const object = parsed.if_object();
  if (object == nullptr || text_of(*object, "format") != kBundleFormat || object->size() != 3)
    return fail(fmt::format("this is no {}", kBundleFormat));
  const json::value* const chain = object->if_contains("chain");
  auto report = text_of(*object, "report");
  if (!report || chain == nullptr || !chain->is_array())
    return fail(std::string("chain or report are missing"));
  Bundle bundle{.chain = {}, .report = std::move(*report)};
  for (const json::value& value : chain->get_array()) {
    auto entry = entry_of(value);
    if (!entry) return fail(fmt::format("entry {} of the chain is malformed", bundle.chain.size() + 1));
    bundle.chain.push_back(std::move(*entry));
  }
  return bundle;
}

Result<void, std::string> verify_chain(const std::vector<Entry>& chain, const PublicKey& key) {
  std::string previous = kNoEntry;
  std::uint64_t number = 1;
  for (const Entry& entry : chain) {
    if (entry.number != number)
      return fail(fmt::format("run {} is where run {} must be", entry.number, number));
    if (entry.previous != previous)
      return fail(fmt::format("run {} does not follow the one before it", number));
    if (entry.key != key.id()) return fail(fmt::format("run {} was signed with another key", number));
    if (!key.verifies(signed_text(entry), entry.signature))
      return fail(fmt::format("the signature of run {} is wrong", number));
    previous = digest_of(entry);
    ++number;
  }
  return {};
}

Result<engine::Report, std::string> verify(const Bundle& bundle, const PublicKey& key) {
  if (bundle.chain.empty()) return fail(std::string("the chain is empty"));
  if (auto chain = verify_chain(bundle.chain, key); !chain) return fail(chain.error());
  if (bundle.chain.back().report != digest_of(std::string_view(bundle.report)))
    return fail(std::string("the report is not the one that was signed"));
  return reports::parse_json(bundle.report);
}

}  // namespace cloister::audit::evidence
