#include "xmpp/xml/error_xml.h"

#include <algorithm>
#include <array>

#include "xmpp/xml/colibri2_xml.h"
#include "xmpp/xml/namespaces.h"

namespace cloister::xmpp {

namespace {

using enum ErrorCondition;

struct ConditionRow {
  ErrorCondition condition;
  std::string_view name;
  ErrorType type;
};
constexpr std::array kConditions{
    ConditionRow{bad_request,             "bad-request",             ErrorType::modify},
    ConditionRow{conflict,                "conflict",                ErrorType::cancel},
    ConditionRow{feature_not_implemented, "feature-not-implemented", ErrorType::cancel},
    ConditionRow{forbidden,               "forbidden",               ErrorType::auth  },
    ConditionRow{gone,                    "gone",                    ErrorType::cancel},
    ConditionRow{internal_server_error,   "internal-server-error",   ErrorType::cancel},
    ConditionRow{item_not_found,          "item-not-found",          ErrorType::cancel},
    ConditionRow{jid_malformed,           "jid-malformed",           ErrorType::modify},
    ConditionRow{not_acceptable,          "not-acceptable",          ErrorType::modify},
    ConditionRow{not_allowed,             "not-allowed",             ErrorType::cancel},
    ConditionRow{not_authorized,          "not-authorized",          ErrorType::auth  },
    ConditionRow{policy_violation,        "policy-violation",        ErrorType::modify},
    ConditionRow{recipient_unavailable,   "recipient-unavailable",   ErrorType::wait  },
    ConditionRow{redirect,                "redirect",                ErrorType::modify},
    ConditionRow{registration_required,   "registration-required",   ErrorType::auth  },
    ConditionRow{remote_server_not_found, "remote-server-not-found", ErrorType::cancel},
    ConditionRow{remote_server_timeout,   "remote-server-timeout",   ErrorType::wait  },
    ConditionRow{resource_constraint,     "resource-constraint",     ErrorType::wait  },
    ConditionRow{service_unavailable,     "service-unavailable",     ErrorType::cancel},
    ConditionRow{subscription_required,   "subscription-required",   ErrorType::auth  },
    ConditionRow{undefined_condition,     "undefined-condition",     ErrorType::cancel},
    ConditionRow{unexpected_request,      "unexpected-request",      ErrorType::wait  },
};

struct TypeRow {
  ErrorType type;
  std::string_view name;
};
constexpr std::array kTypes{
    TypeRow{ErrorType::auth,      "auth"    },
    TypeRow{ErrorType::cancel,    "cancel"  },
    TypeRow{ErrorType::continue_, "continue"},
    TypeRow{ErrorType::modify,    "modify"  },
    TypeRow{ErrorType::wait,      "wait"    },
};

const ConditionRow& row_of(ErrorCondition condition) {
  return *std::ranges::find(kConditions, condition, &ConditionRow::condition);
}

}  // namespace

ErrorType usual_type(ErrorCondition condition) { return row_of(condition).type; }

namespace xml {

StanzaError parse_error(const Element& element) {
  StanzaError error;
  for (const Element& child : element.children) {
    if (child.ns == ns::kStanzas && child.name == "text") {
      error.text = child.text;
    } else if (child.ns == ns::kStanzas) {
      const auto found = std::ranges::find(kConditions, child.name, &ConditionRow::name);
      if (found != kConditions.end()) error.condition = found->condition;
    } else if (child.is("error", ns::kColibri2)) {
      error.colibri = parse_colibri_error(child);
    } else if (child.is("session-invalid", ns::kFocus)) {
      error.session_invalid = true;
    } else if (child.is("unknown-session", ns::kJingleErrors)) {
      error.unknown_session = true;
    }
  }
  const auto type = std::ranges::find(kTypes, element.attribute("type"), &TypeRow::name);
  if (type != kTypes.end()) error.type = type->type;
  return error;
}

Element write_error(const StanzaError& error) {
  const ErrorType type = error.type.value_or(usual_type(error.condition));
  Element element{.name = "error", .ns = std::string(kClientNamespace)};
  element.set("type", std::ranges::find(kTypes, type, &TypeRow::type)->name);
  element.add(row_of(error.condition).name, ns::kStanzas);
  if (!error.text.empty()) element.add("text", ns::kStanzas).text = error.text;
  if (error.colibri) element.add(write_colibri_error(*error.colibri));
  if (error.session_invalid) element.add("session-invalid", ns::kFocus);
  if (error.unknown_session) element.add("unknown-session", ns::kJingleErrors);
  return element;
}

}  // namespace xml

}  // namespace cloister::xmpp
