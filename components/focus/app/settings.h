// cloister-focus's settings: focus.yaml. Defaults and units stand at the members; what a key changes, in its
// comment.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/settings.h"
#include "focus/bridges/settings.h"
#include "focus/room/settings.h"

namespace cloister::focus::app {

// The client connection: the one that is in the rooms.
struct XmppSettings {
  std::string host = "127.0.0.1";  // where the server listens
  std::uint16_t port = 5222;
  std::string domain;  // virtual host of the services, "auth.<domain>"
  std::string user = "focus";
  std::string password;  // first line of password_file
  std::string ca_file;   // certificate authority that signed the server's certificate
};

// The address that clients ask for a conference (XEP-0114).
struct ComponentSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 5347;
  std::string domain;  // "focus.<domain>"
  std::string secret;  // first line of secret_file
};

struct DomainSettings {
  std::string main;     // hosts sign in here
  std::string guest;    // everybody else
  std::string muc;      // the meetings; requests for rooms elsewhere are refused
  std::string brewery;  // bare address of the room in which bridges report
};

struct HttpSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8888;  // 0: no HTTP
};

// Addresses of the services beside the rooms: each a component under `component`'s secret, but for the
// breakout rooms, which are a room service of the server's. Empty: the service is off.
struct ServiceSettings {
  std::string av_moderation;
  std::string end_conference;
  std::string room_metadata;
  std::string speaker_stats;
  std::string polls;
  std::string breakout_rooms;
};

struct Settings {
  XmppSettings xmpp;
  ComponentSettings component;
  DomainSettings domains;
  HttpSettings http;
  ServiceSettings services;
  room::RoomSettings conference;
  std::string guard_socket;  // of the firewall guard; empty: nobody is banned
  bridges::BridgeSettings bridges;
};

Result<Settings, SettingsError> load_settings(const std::string& file);

}  // namespace cloister::focus::app
