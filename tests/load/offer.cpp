#include "load/offer.h"

#include <algorithm>

#include "world/jingle_session.h"

namespace cloister::load {
namespace {

namespace jingle = xmpp::jingle;
using jingle::Content;
using jingle::ContentKind;

constexpr std::string_view kAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
constexpr std::string_view kEncryptedAudioLevel =
    "urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level";
constexpr std::string_view kTransportCc =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

const Content* find(const jingle::Jingle& message, ContentKind kind) {
  const auto found = std::ranges::find(message.contents, kind, &Content::kind);
  return found == message.contents.end() ? nullptr : &*found;
}

bool has_codec(const Content& content, std::uint8_t id, std::string_view name) {
  return std::ranges::any_of(content.payload_types, [&](const xmpp::PayloadType& type) {
    return type.id == id && std::ranges::equal(type.name, name, [](char a, char b) {
             return std::tolower(static_cast<unsigned char>(a)) ==
                    std::tolower(static_cast<unsigned char>(b));
           });
  });
}

std::uint8_t extension(const Content& content, std::string_view uri) {
  const auto found = std::ranges::find(content.header_extensions, uri, &xmpp::HeaderExtension::uri);
  return found == content.header_extensions.end() ? 0 : found->id;
}

}  // namespace

std::optional<Offer> read_offer(const jingle::Jingle& message) {
  const Content* audio = find(message, ContentKind::audio);
  const Content* video = find(message, ContentKind::video);
  const Content* data = find(message, ContentKind::data);
  if (!audio || !video || !audio->transport) return std::nullopt;
  if (!has_codec(*audio, support::kOpus, "opus") || !has_codec(*video, support::kVp8, "VP8") ||
      !has_codec(*video, support::kVp8Rtx, "rtx"))
    return std::nullopt;
  const std::uint8_t plain_level = extension(*audio, kAudioLevel);
  return Offer{
      .transport = *audio->transport,
      .extensions = {.audio_level = plain_level != 0 ? plain_level : extension(*audio, kEncryptedAudioLevel),
                     .transport_cc = extension(*video, kTransportCc)},
      .encrypted_extensions = sim::encrypted_extensions_in(message),
      .data_channel = data && data->transport && data->transport->sctp_port.has_value()
  };
}

jingle::Jingle make_accept(const jingle::Jingle& offer, const xmpp::Jid& us,
                           const support::Participant& sends,
                           const videobridge::transport::LocalDescription& local) {
  jingle::Jingle answer = sim::accept(offer, sends, local);
  answer.initiator = offer.initiator;
  answer.responder = us;
  xmpp::IceUdpTransport transport = answer.contents.front().transport.value();
  transport.candidates.clear();
  if (const Content* data = find(offer, ContentKind::data)) {
    answer.contents.push_back({.kind = ContentKind::data, .name = data->name, .has_description = true});
    answer.contents.back().transport = transport;
    answer.contents.back().transport->sctp_port = local.sctp_port;
  }
  for (Content& content : answer.contents) {
    content.creator = "responder";
    if (content.kind != ContentKind::data) content.transport = transport;
    if (const Content* offered = find(offer, content.kind)) {
      content.payload_types = offered->payload_types;
      content.header_extensions = offered->header_extensions;
      content.extmap_allow_mixed = offered->extmap_allow_mixed;
      content.rtcp_mux = offered->rtcp_mux;
    }
    answer.bundle.push_back(content.name);
  }
  return answer;
}

}  // namespace cloister::load
