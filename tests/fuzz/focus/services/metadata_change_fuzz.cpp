// A change of a room's metadata, as any client may write it; what is kept is told to all as JSON again.
#include "base/assert.h"
#include "focus/services/json_text.h"
#include "focus/services/room_metadata.h"

namespace {

using namespace cloister::focus;

struct Room final : services::RoomMetadata::Port {
  void on_metadata(const services::RoomMetadata&) override {}
  void on_start_muted(const room::PerKind&) override {}
  services::Answer change_policy(const services::Person&,
                                 const std::map<std::string, bool>& switches) override {
    kept = rights::change(kept, switches);
    return services::done();
  }
  rights::Policy policy() const override { return kept; }
  rights::Policy kept{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Room room;
  services::RoomMetadata metadata(room);
  const services::Person host{.role = rights::Role::host};
  if (!metadata.on_command(host, {reinterpret_cast<const char*>(data), size})) return 0;
  const auto text = metadata.text();
  boost::system::error_code error;
  ASSERT(boost::json::parse(text.expose(), error).is_object() && !error);
  return 0;
}
