// The participants of a run, on a thread of their own: each with the load client's media, placed in its room
// by asking the bridge as a focus does.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "load/media.h"
#include "net/timer.h"
#include "room/bridge_process.h"

namespace cloister::bench {

enum class SrtpChoice : std::uint8_t { gcm, cm_sha1_80 };

// What one participant does.
struct Part {
  std::size_t room = 0;
  bool talks = false;
  int layers = 0;    // of its camera; 0: none
  int height = 720;  // of the video that it wants
  int last_n = -1;
};

class Seat final : load::Media::Listener {
public:
  Seat(const load::Ground& ground, const Part& part, std::size_t number);

  const support::Participant& as() const { return as_; }
  load::Media& media() { return *media_; }
  // ICE and DTLS begin.
  void connect(const xmpp::IceUdpTransport& bridge, TimePoint now);
  void watch(const std::map<EndpointId, sim::OtherSources>& sources);
  bool is_connected() const { return connected_ != TimePoint{}; }
  Duration time_to_connect() const { return connected_ - began_; }
  // The bridge's channel URL and what to say on it.
  std::string channel_url;
  std::string constraints() const;

private:
  void on_media_connected() override;
  void on_channel_open() override {}
  void on_channel_message(std::string_view) override {}
  void on_channel_lost() override {}
  void on_media_failed(videobridge::transport::TransportFailure) override {}

  const Part part_;
  support::Participant as_;
  std::unique_ptr<load::Media> media_;
  std::map<EndpointId, sim::OtherSources> others_;
  TimePoint began_{};
  TimePoint connected_{};
};

enum class Together : bool { no, yes };

class Stand {
public:
  static constexpr Duration kTick = 2ms;

  // Its thread, "load", runs in `place`.
  Stand(const Place& place, BridgeProcess& bridge, SrtpChoice srtp);
  ~Stand();
  Stand(const Stand&) = delete;
  Stand& operator=(const Stand&) = delete;

  // Seats them one after the other, each when the one before is connected; or all at once. Gives the new
  // ones. False when somebody is not connected after 20 s.
  bool seat(const std::vector<Part>& parts, Together together);
  // The two halves of seating them all at once: the bridge knows of them; ICE and DTLS.
  void invite_all(const std::vector<Part>& parts);
  bool connect_all();

  template <class Work>
  std::invoke_result_t<Work> call(Work work) {
    std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
    auto result = task.get_future();
    reactor_.post([&task] { task(); });
    return result.get();
  }
  const std::vector<std::unique_ptr<Seat>>& seats() const { return seats_; }

private:
  Seat& invite(const Part& part);
  void introduce();
  void tick();
  bool wait_until_connected(std::size_t from);

  BridgeProcess& bridge_;
  net::Reactor reactor_;
  net::PacketPool pool_{std::size_t{1} << 20};
  load::Ground ground_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::size_t connected_ = 0;         // of the seats, or on their way to it
  std::vector<std::size_t> room_of_;  // by seat
  std::map<std::size_t, std::map<EndpointId, sim::OtherSources>> sources_;  // by room
  std::map<Seat*, xmpp::IceUdpTransport> offers_;
  net::Timer timer_{reactor_};
  std::thread thread_;
};

}  // namespace cloister::bench
