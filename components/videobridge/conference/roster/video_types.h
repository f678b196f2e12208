// What sources show (camera, screen), as their senders tell: they may tell before signalling does.
#pragma once

#include <span>
#include <unordered_map>

#include "videobridge/media/model/source.h"

namespace cloister::videobridge::conference {

class VideoTypes {
public:
  // Of a source of that name; nullptr: remembered until it is signalled. True when it changed something.
  bool set(media::Source* source, const SourceName& name, media::VideoType type) {
    if (source == nullptr) {
      if (early_.size() < kMaxEarly) early_[name] = type;
      return false;
    }
    if (source->kind() != MediaKind::video || source->video_type() == type) return false;
    source->set_video_type(type);
    return true;
  }
  void apply(std::span<media::Source* const> added) {
    for (media::Source* source : added)
      if (const auto early = early_.extract(source->name())) source->set_video_type(early.mapped());
  }

private:
  static constexpr std::size_t kMaxEarly = 50;
  std::unordered_map<SourceName, media::VideoType> early_;
};

}  // namespace cloister::videobridge::conference
