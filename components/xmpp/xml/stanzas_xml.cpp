#include "xmpp/xml/stanzas_xml.h"

#include <algorithm>
#include <array>

#include "xmpp/xml/colibri2_xml.h"
#include "xmpp/xml/disco_xml.h"
#include "xmpp/xml/jingle_xml.h"
#include "xmpp/xml/muc_xml.h"
#include "xmpp/xml/namespaces.h"

namespace cloister::xmpp {

namespace xml {

namespace {

using Request = Result<IqRequest, StanzaError>;
using Answer = Result<IqAnswer, StanzaError>;

template <class... T>
struct Overload : T... {
  using T::operator()...;
};
template <class... T>
Overload(T...) -> Overload<T...>;

auto bad_request(std::string text) {
  return fail(StanzaError{.condition = ErrorCondition::bad_request, .text = std::move(text)});
}

Element element(std::string_view name, std::string_view ns) {
  return {.name = std::string(name), .ns = std::string(ns)};
}

std::map<std::string, std::string> parse_properties(const Element& conference) {
  std::map<std::string, std::string> properties;
  for (const Element& child : conference.children) {
    if (child.is("property", ns::kFocus)) properties[child.attribute("name")] = child.attribute("value");
  }
  return properties;
}

void write_properties(Element& conference, const std::map<std::string, std::string>& properties) {
  for (const auto& [name, value] : properties)
    conference.add("property").set("name", name).set("value", value);
}

Request parse_conference_request(const Element& conference) {
  ConferenceRequest request{.room = Jid::parse(conference.attribute("room")),
                            .machine_uid = Personal(conference.attribute("machine-uid")),
                            .session_id = Personal(conference.attribute("session-id")),
                            .token = Personal(conference.attribute("token")),
                            .properties = parse_properties(conference)};
  if (request.room && (!request.room->is_bare() || request.room->local().empty())) request.room.reset();
  return request;
}

Element write_conference_request(const ConferenceRequest& request) {
  Element conference = element("conference", ns::kFocus);
  conference.set("room", request.room.value_or(Jid()).text_for_wire())
      .set("machine-uid", request.machine_uid.expose())
      .set("session-id", request.session_id.expose())
      .set("token", request.token.expose());
  write_properties(conference, request.properties);
  return conference;
}

Answer parse_conference_answer(const Element& conference) {
  return ConferenceAnswer{.room = Jid::parse(conference.attribute("room")).value_or(Jid()),
                          .ready = conference.flag_or("ready", false),
                          .focus_jid = Jid::parse(conference.attribute("focusjid")).value_or(Jid()),
                          .session_id = Personal(conference.attribute("session-id")),
                          .identity = Personal(conference.attribute("identity")),
                          .vnode = conference.attribute("vnode"),
                          .properties = parse_properties(conference)};
}

Element write_conference_answer(const ConferenceAnswer& answer) {
  Element conference = element("conference", ns::kFocus);
  conference.set("room", answer.room.text_for_wire())
      .set("ready", answer.ready ? "true" : "false")
      .set("focusjid", answer.focus_jid.text_for_wire())
      .set("session-id", answer.session_id.expose())
      .set("identity", answer.identity.expose())
      .set("vnode", answer.vnode);
  write_properties(conference, answer.properties);
  return conference;
}

Request parse_login_url(const Element& query) {
  return LoginUrlQuery{.room = Jid::parse(query.attribute("room")),
                       .machine_uid = Personal(query.attribute("machine-uid"))};
}

Element write_login_url_query(const LoginUrlQuery& query) {
  Element out = element("login-url", ns::kFocus);
  if (query.room) out.set("room", query.room->text_for_wire());
  return out.set("machine-uid", query.machine_uid.expose());
}

// As an address within a page is written (RFC 3986 §2.1).
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
      continue;
    }
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return out;
}

Element write_login_url(const LoginUrl& value) {
  const std::string page = "./" + percent_encoded(value.room.local()) + "?login=true";
  return element("login-url", ns::kFocus).set("url", percent_encoded(page));
}

constexpr std::size_t kMostNetworks = 1000;   // in one <crowd>
constexpr std::size_t kMostSources = 10'000;  // in one answer

Request parse_crowd(const Element& crowd) {
  Crowd value;
  for (const Element& network : crowd.children) {
    if (!network.is("network", ns::kCrowd) || value.networks.size() == kMostNetworks) continue;
    value.networks.push_back(
        {.tag = network.attribute("tag"), .joins = network.number<std::uint32_t>("joins").value_or(0)});
  }
  return value;
}

Element write_crowd(const Crowd& value) {
  Element crowd = element("crowd", ns::kCrowd);
  for (const auto& [tag, joins] : value.networks)
    crowd.add("network").set("tag", tag).set_number("joins", joins);
  return crowd;
}

Request parse_sources_query(const Element& query) {
  return CrowdSourcesQuery{.joins = query.number<std::uint32_t>("joins").value_or(0),
                           .seconds = query.number<std::uint32_t>("seconds").value_or(0)};
}

Answer parse_sources(const Element& sources) {
  CrowdSources value;
  for (const Element& source : sources.children)
    if (source.is("source", ns::kCrowd) && value.addresses.size() < kMostSources)
      value.addresses.emplace_back(source.attribute("address"));
  return value;
}

Element write_sources(const CrowdSources& value) {
  Element sources = element("sources", ns::kCrowd);
  for (const auto& address : value.addresses) sources.add("source").set("address", address.expose());
  return sources;
}

constexpr std::array<std::string_view, 3> kMuteNamespaces{ns::kMuteAudio, ns::kMuteVideo, ns::kMuteDesktop};

Request parse_mute(const Element& mute) {
  const auto what = std::ranges::find(kMuteNamespaces, mute.ns) - kMuteNamespaces.begin();
  Mute value{.what = static_cast<Mute::What>(what),
             .muted = mute.text == "true",
             .target = Jid::parse(mute.attribute("jid")),
             .actor = Jid::parse(mute.attribute("actor"))};
  if (mute.text != "true" && mute.text != "false") return bad_request("mute needs true or false");
  if (!value.target && mute.find_attribute("jid")) return bad_request("mute of what is not an address");
  return value;
}

Element write_mute(const Mute& mute) {
  Element out = element("mute", kMuteNamespaces.at(static_cast<std::size_t>(mute.what)));
  if (mute.target) out.set("jid", mute.target->text_for_wire());
  if (mute.actor) out.set("actor", mute.actor->text_for_wire());
  out.text = mute.muted ? "true" : "false";
  return out;
}

Request parse_muc_admin(const Element& query) {
  const Element* item = query.find("item");
  if (!item) return bad_request("no item");
  const Element* reason = item->find("reason");
  return MucAdmin{.affiliation = affiliation_of(item->attribute("affiliation")),
                  .jid = Jid::parse(item->attribute("jid")).value_or(Jid()),
                  .role = role_of(item->attribute("role")),
                  .nick = EndpointId(item->attribute("nick")),
                  .reason = reason ? reason->text : std::string()};
}

Element write_muc_admin(const MucAdmin& admin) {
  Element query = element("query", ns::kMucAdmin);
  Element& item = query.add("item");
  if (admin.affiliation) item.set("affiliation", name_of(*admin.affiliation));
  item.set("jid", admin.jid.text_for_wire());
  if (admin.role) item.set("role", name_of(*admin.role));
  item.set("nick", admin.nick.expose());
  if (!admin.reason.empty()) item.add("reason").text = admin.reason;
  return query;
}

MucDestroy parse_destroy(const Element& destroy) {
  const Element* reason = destroy.find("reason");
  return {.reason = reason ? reason->text : std::string(),
          .alternative = Jid::parse(destroy.attribute("jid"))};
}

Request parse_owner_submit(const Element& query) {
  if (const Element* destroy = query.find("destroy")) return parse_destroy(*destroy);
  const Element* form = query.find("x", ns::kData);
  if (!form) return bad_request("no form");
  return MucOwnerSubmit{.form = parse_form(*form)};
}

Element write_owner(const DataForm& form) {
  Element query = element("query", ns::kMucOwner);
  query.add(write_form(form));
  return query;
}

Element write_destroy(const MucDestroy& destroy) {
  Element query = element("query", ns::kMucOwner);
  Element& out = query.add("destroy");
  if (destroy.alternative) out.set("jid", destroy.alternative->text_for_wire());
  if (!destroy.reason.empty()) out.add("reason").text = destroy.reason;
  return query;
}

Element write_version(const Version& version) {
  Element query = element("query", ns::kVersion);
  if (!version.name.empty()) query.add("name").text = version.name;
  if (!version.version.empty()) query.add("version").text = version.version;
  if (!version.os.empty()) query.add("os").text = version.os;
  return query;
}

std::string text_of(const Element& parent, std::string_view child) {
  const Element* found = parent.find(child);
  return found ? found->text : std::string();
}

enum class Allowed : std::uint8_t { get, set, both };

struct RequestRow {
  std::string_view name;
  std::string_view ns;
  Allowed allowed;
  Request (*parse)(const Element&);
};

// What may be asked of us. Colibri2 comes as get or set (focus.md §5).
constexpr std::array kRequests{
    RequestRow{"ping",              ns::kPing,        Allowed::get,  [](const Element&) -> Request { return Ping{}; }        },
    RequestRow{"healthcheck",       ns::kHealthCheck, Allowed::both,
               [](const Element&) -> Request { return HealthCheck{}; }                                                       },
    RequestRow{"query",             ns::kVersion,     Allowed::get,  [](const Element&) -> Request { return VersionQuery{}; }},
    RequestRow{
               "query",             ns::kDiscoInfo,   Allowed::get,
               [](const Element& query) -> Request { return DiscoInfoQuery{.node = query.attribute("node")}; }               },
    RequestRow{"conference",        ns::kFocus,       Allowed::set,  parse_conference_request                                },
    RequestRow{"login-url",         ns::kFocus,       Allowed::get,  parse_login_url                                         },
    RequestRow{"logout",            ns::kFocus,       Allowed::set,
               [](const Element& logout) -> Request {
                 return Logout{.session_id = Personal(logout.attribute("session-id"))};
               }                                                                                                             },
    RequestRow{"crowd",             ns::kCrowd,       Allowed::set,  parse_crowd                                             },
    RequestRow{"sources",           ns::kCrowd,       Allowed::get,  parse_sources_query                                     },
    RequestRow{"jingle",            ns::kJingle,      Allowed::set,
               [](const Element& jingle) -> Request { return parse_jingle(jingle); }                                         },
    RequestRow{"conference-modify", ns::kColibri2,    Allowed::both,
               [](const Element& modify) -> Request {
                 auto value = parse_conference_modify(modify);
                 if (!value) return fail(std::move(value.error()));
                 return std::move(*value);
               }                                                                                                             },
    RequestRow{"mute",              ns::kMuteAudio,   Allowed::set,  parse_mute                                              },
    RequestRow{"mute",              ns::kMuteVideo,   Allowed::set,  parse_mute                                              },
    RequestRow{"mute",              ns::kMuteDesktop, Allowed::set,  parse_mute                                              },
    RequestRow{"query",             ns::kMucOwner,    Allowed::get,
               [](const Element&) -> Request { return MucOwnerQuery{}; }                                                     },
    RequestRow{"query",             ns::kMucOwner,    Allowed::set,  parse_owner_submit                                      },
    RequestRow{"query",             ns::kMucAdmin,    Allowed::set,  parse_muc_admin                                         },
};

bool allows(Allowed allowed, IqType type) {
  return allowed == Allowed::both || (allowed == Allowed::get) == (type == IqType::get);
}

struct AnswerRow {
  std::string_view name;
  std::string_view ns;
  Answer (*parse)(const Element&);
};

constexpr std::array kAnswers{
    AnswerRow{"query",               ns::kVersion,
              [](const Element& query) -> Answer {
                return Version{.name = text_of(query, "name"),
                               .version = text_of(query, "version"),
                               .os = text_of(query, "os")};
              }                                                                     },
    AnswerRow{"query",               ns::kDiscoInfo,
              [](const Element& query) -> Answer { return parse_disco_info(query); }},
    AnswerRow{"sources",             ns::kCrowd,     parse_sources                  },
    AnswerRow{"conference",          ns::kFocus,     parse_conference_answer        },
    AnswerRow{"conference-modified", ns::kColibri2,
              [](const Element& modified) -> Answer {
                auto value = parse_conference_modified(modified);
                if (!value) return fail(std::move(value.error()));
                return std::move(*value);
              }                                                                     },
    AnswerRow{"query",               ns::kMucOwner,
              [](const Element& query) -> Answer {
                const Element* form = query.find("x", ns::kData);
                if (!form) return Empty{};
                return MucOwnerForm{.form = parse_form(*form)};
              }                                                                     },
};

}  // namespace

Request parse_request(const Element& payload, IqType type) {
  bool known = false;
  for (const RequestRow& row : kRequests) {
    if (!payload.is(row.name, row.ns)) continue;
    if (allows(row.allowed, type)) return row.parse(payload);
    known = true;
  }
  if (known) return bad_request("wrong type of request");
  return fail(StanzaError{.condition = ErrorCondition::service_unavailable});
}

Element write_request(const IqRequest& request) {
  return std::visit(
      Overload{
          [](const Ping&) { return element("ping", ns::kPing); },
          [](const HealthCheck&) { return element("healthcheck", ns::kHealthCheck); },
          [](const VersionQuery&) { return element("query", ns::kVersion); },
          [](const DiscoInfoQuery& query) {
            Element out = element("query", ns::kDiscoInfo);
            out.set("node", query.node);
            return out;
          },
          [](const ConferenceRequest& value) { return write_conference_request(value); },
          [](const jingle::Jingle& value) { return write_jingle(value); },
          [](const colibri2::ConferenceModify& value) { return write_conference_modify(value); },
          [](const Mute& value) { return write_mute(value); },
          [](const MucOwnerQuery&) { return element("query", ns::kMucOwner); },
          [](const MucOwnerSubmit& value) { return write_owner(value.form); },
          [](const MucAdmin& value) { return write_muc_admin(value); },
          [](const MucDestroy& value) { return write_destroy(value); },
          [](const LoginUrlQuery& value) { return write_login_url_query(value); },
          [](const Crowd& value) { return write_crowd(value); },
          [](const CrowdSourcesQuery& value) {
            return element("sources", ns::kCrowd)
                .set_number("joins", value.joins)
                .set_number("seconds", value.seconds);
          },
          [](const Logout& value) {
            return element("logout", ns::kFocus).set("session-id", value.session_id.expose());
          },
      },
      request);
}

Answer parse_answer(const Element* payload) {
  if (!payload) return Empty{};
  for (const AnswerRow& row : kAnswers) {
    if (payload->is(row.name, row.ns)) return row.parse(*payload);
  }
  return Empty{};
}

std::optional<Element> write_answer(const IqAnswer& answer) {
  using Written = std::optional<Element>;
  return std::visit(
      Overload{
          [](const Empty&) -> Written { return std::nullopt; },
          [](const Version& value) -> Written { return write_version(value); },
          [](const DiscoInfo& value) -> Written { return write_disco_info(value); },
          [](const ConferenceAnswer& value) -> Written { return write_conference_answer(value); },
          [](const colibri2::ConferenceModified& value) -> Written {
            return write_conference_modified(value);
          },
          [](const MucOwnerForm& value) -> Written { return write_owner(value.form); },
          [](const LoginUrl& value) -> Written { return write_login_url(value); },
          [](const CrowdSources& value) -> Written { return write_sources(value); },
      },
      answer);
}

}  // namespace xml

IqType usual_iq_type(const IqRequest& request) {
  const bool question =
      std::holds_alternative<Ping>(request) || std::holds_alternative<HealthCheck>(request) ||
      std::holds_alternative<VersionQuery>(request) || std::holds_alternative<DiscoInfoQuery>(request) ||
      std::holds_alternative<MucOwnerQuery>(request) || std::holds_alternative<LoginUrlQuery>(request) ||
      std::holds_alternative<CrowdSourcesQuery>(request);
  return question ? IqType::get : IqType::set;
}

}  // namespace cloister::xmpp
