#include "audit/checks/expectation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cloister::audit::checks {
namespace {

using model::Expectation;
using Kind = Expectation::Kind;

// How an expectation's operand is written.
enum class Form : std::uint8_t { text, texts, pattern, least, most, range, mode, yes, inner, named, list };

struct Word {
  std::string_view key;
  Kind kind;
  Form form;
};

constexpr std::array kWords{
    Word{"equals",        Kind::equals,        Form::text   },
    Word{"one_of",        Kind::one_of,        Form::texts  },
    Word{"matches",       Kind::matches,       Form::pattern},
    Word{"not_matches",   Kind::not_matches,   Form::pattern},
    Word{"at_least",      Kind::at_least,      Form::least  },
    Word{"at_most",       Kind::at_most,       Form::most   },
    Word{"between",       Kind::between,       Form::range  },
    Word{"mode_at_most",  Kind::mode_at_most,  Form::mode   },
    Word{"contains",      Kind::contains_all,  Form::text   },
    Word{"contains_all",  Kind::contains_all,  Form::texts  },
    Word{"contains_none", Kind::contains_none, Form::texts  },
    Word{"nothing",       Kind::nothing,       Form::yes    },
    Word{"present",       Kind::present,       Form::yes    },
    Word{"absent",        Kind::absent,        Form::yes    },
    Word{"lines_include", Kind::lines_include, Form::texts  },
    Word{"some",          Kind::some,          Form::inner  },
    Word{"unset_or",      Kind::unset_or,      Form::inner  },
    Word{"facts",         Kind::facts,         Form::named  },
    Word{"all_of",        Kind::all_of,        Form::list   },
    Word{"any_of",        Kind::any_of,        Form::list   },
};

void read_range(Source& source, const YAML::Node& node, Expectation& out) {
  if (!node.IsSequence() || node.size() != 2) return source.complain(node, "between needs two numbers");
  out.least = source.number(node[0], "between").value_or(0);
  out.most = source.number(node[1], "between").value_or(0);
  if (out.least > out.most) source.complain(node, "between begins after its end");
}

void read_named(Source& source, const YAML::Node& node, Expectation& out) {
  if (!node.IsMap() || node.size() == 0) return source.complain(node, "facts must name at least one fact");
  for (const auto& entry : node) {
    std::string name = source.text(entry.first, "a fact's name");
    if (std::ranges::find(out.operands, name) != out.operands.end())
      source.complain(entry.first, fmt::format("facts has {} twice", name));
    out.operands.push_back(std::move(name));
    out.parts.push_back(read_expectation(source, entry.second));
  }
}

void read_parts(Source& source, const YAML::Node& node, std::string_view key, Expectation& out) {
  if (!node.IsSequence() || node.size() == 0)
    return source.complain(node, fmt::format("{} needs a list of expectations", key));
  for (const YAML::Node& part : node) out.parts.push_back(read_expectation(source, part));
}

void read_pattern(Source& source, const YAML::Node& node, const std::string& key, Expectation& out) {
  auto pattern = model::Pattern::make(source.text(node, key));
  if (pattern) {
    out.pattern = std::move(*pattern);
  } else {
    source.complain(node, fmt::format("{} is no regular expression: {}", key, pattern.error()));
  }
}

Expectation read_one(Source& source, const Word& word, const YAML::Node& node) {
  const std::string key(word.key);
  Expectation out;
  out.kind = word.kind;
  switch (word.form) {
    case Form::text: out.operands = {source.text(node, key)}; break;
    case Form::texts:
      out.operands = source.texts(node, key);
      if (out.operands.empty()) source.complain(node, key + " needs at least one value");
      break;
    case Form::pattern: read_pattern(source, node, key, out); break;
    case Form::least: out.least = source.number(node, key).value_or(0); break;
    case Form::most: out.most = source.number(node, key).value_or(0); break;
    case Form::range: read_range(source, node, out); break;
    case Form::mode: out.most = source.number(node, key, 8).value_or(0); break;
    case Form::yes:
      if (const std::string said = source.text(node, key); said != "true" && said != "yes")
        source.complain(node, key + " takes only true");
      break;
    case Form::inner: out.parts = {read_expectation(source, node)}; break;
    case Form::named: read_named(source, node, out); break;
    case Form::list: read_parts(source, node, key, out); break;
  }
  return out;
}

}  // namespace

Expectation read_expectation(Source& source, const YAML::Node& node) {
  Mapping mapping(source, node, "an expectation");
  Expectation all;
  all.kind = Kind::all_of;
  for (const Word& word : kWords)
    if (const auto found = mapping.find(std::string(word.key)); found)
      all.parts.push_back(read_one(source, word, *found));
  mapping.finish();
  if (all.parts.size() == 1) return std::move(all.parts.front());
  if (all.parts.empty() && node.IsMap() && node.size() == 0) source.complain(node, "an expectation is empty");
  return all;
}

}  // namespace cloister::audit::checks
