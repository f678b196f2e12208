// Colibri2 as XML, both ways (bridge.md §2).
#pragma once

#include "base/result.h"
#include "xmpp/colibri2.h"
#include "xmpp/stanza_error.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// Refuses (bad-request, with the reason element): no meeting-id, an endpoint or relay without id, a media
// or media-source whose type is neither audio nor video.
Result<colibri2::ConferenceModify, StanzaError> parse_conference_modify(const Element& element);
Element write_conference_modify(const colibri2::ConferenceModify& value);

Result<colibri2::ConferenceModified, StanzaError> parse_conference_modified(const Element& element);
Element write_conference_modified(const colibri2::ConferenceModified& value);

// <error xmlns='jitsi:colibri2'>; a reason that we do not know is `unspecified`.
colibri2::Error parse_colibri_error(const Element& element);
Element write_colibri_error(const colibri2::Error& value);

}  // namespace cloister::xmpp::xml
