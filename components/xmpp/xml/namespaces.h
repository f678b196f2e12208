// The namespaces that we speak (protocol/focus.md, appendix A).
#pragma once

#include <string_view>

namespace cloister::xmpp::xml::ns {

inline constexpr std::string_view kStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr std::string_view kPing = "urn:xmpp:ping";
inline constexpr std::string_view kVersion = "jabber:iq:version";
inline constexpr std::string_view kDiscoInfo = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view kData = "jabber:x:data";
inline constexpr std::string_view kCaps = "http://jabber.org/protocol/caps";
inline constexpr std::string_view kMuc = "http://jabber.org/protocol/muc";
inline constexpr std::string_view kMucUser = "http://jabber.org/protocol/muc#user";
inline constexpr std::string_view kMucAdmin = "http://jabber.org/protocol/muc#admin";
inline constexpr std::string_view kNick = "http://jabber.org/protocol/nick";
inline constexpr std::string_view kMucOwner = "http://jabber.org/protocol/muc#owner";

inline constexpr std::string_view kJingle = "urn:xmpp:jingle:1";
inline constexpr std::string_view kJingleErrors = "urn:xmpp:jingle:errors:1";
inline constexpr std::string_view kRtp = "urn:xmpp:jingle:apps:rtp:1";
inline constexpr std::string_view kRtcpFeedback = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0";
inline constexpr std::string_view kHeaderExtensions = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0";
inline constexpr std::string_view kSources = "urn:xmpp:jingle:apps:rtp:ssma:0";
inline constexpr std::string_view kGrouping = "urn:xmpp:jingle:apps:grouping:0";
inline constexpr std::string_view kIceUdp = "urn:xmpp:jingle:transports:ice-udp:1";
inline constexpr std::string_view kDtls = "urn:xmpp:jingle:apps:dtls:0";
inline constexpr std::string_view kDtlsSctp = "urn:xmpp:jingle:transports:dtls-sctp:1";

inline constexpr std::string_view kFocus = "http://jitsi.org/protocol/focus";
inline constexpr std::string_view kCrowd = "urn:cloister:crowd:0";
inline constexpr std::string_view kColibri = "http://jitsi.org/protocol/colibri";
inline constexpr std::string_view kColibri2 = "jitsi:colibri2";
inline constexpr std::string_view kHealthCheck = "http://jitsi.org/protocol/healthcheck";
inline constexpr std::string_view kJitmeet = "http://jitsi.org/jitmeet";
inline constexpr std::string_view kStartMuted = "http://jitsi.org/jitmeet/start-muted";
inline constexpr std::string_view kEtherpad = "http://jitsi.org/jitmeet/etherpad";
inline constexpr std::string_view kMuteAudio = "http://jitsi.org/jitmeet/audio";
inline constexpr std::string_view kMuteVideo = "http://jitsi.org/jitmeet/video";
inline constexpr std::string_view kMuteDesktop = "http://jitsi.org/jitmeet/desktop";

}  // namespace cloister::xmpp::xml::ns
