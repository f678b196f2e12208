#include "videobridge/conference/colibri/error.h"

#include <utility>

namespace cloister::videobridge::conference {

using xmpp::ErrorCondition;
using xmpp::StanzaError;
using xmpp::colibri2::ErrorReason;

StanzaError colibri_error(ErrorCondition condition, std::string text, ErrorReason reason) {
  StanzaError error;
  error.condition = condition;
  error.text = std::move(text);
  error.colibri = xmpp::colibri2::Error{.reason = reason, .endpoint = std::nullopt};
  return error;
}

StanzaError bad_request(std::string text) {
  return colibri_error(ErrorCondition::bad_request, std::move(text));
}

StanzaError not_implemented(std::string text) {
  return colibri_error(ErrorCondition::feature_not_implemented, std::move(text),
                       ErrorReason::feature_not_implemented);
}

StanzaError unknown_endpoint(const EndpointId& id) {
  StanzaError error =
      colibri_error(ErrorCondition::item_not_found, "unknown endpoint", ErrorReason::unknown_endpoint);
  error.colibri->endpoint = id;
  return error;
}

}  // namespace cloister::videobridge::conference
