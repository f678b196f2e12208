#include "videobridge/media/incoming/source_table.h"

#include <algorithm>

namespace cloister::videobridge::media {

namespace {

bool is_same(const Source& source, const SourceDescription& description, const EndpointId& owner) {
  const auto count = std::min<std::size_t>(description.encodings.size(), kMaxEncodings);
  return source.owner() == owner && source.name() == description.name && source.kind() == description.kind &&
         std::ranges::equal(source.encodings(), std::span(description.encodings).first(count));
}

}  // namespace

SourceChange SourceTable::set(std::span<const SourceDescription> descriptions) {
  SourceChange change;
  std::vector<std::unique_ptr<Source>> before = std::exchange(sources_, {});
  for (const SourceDescription& description : descriptions) {
    if (description.encodings.empty()) continue;
    const EndpointId& owner = description.owner ? *description.owner : owner_;
    const auto known = std::ranges::find_if(before, [&](const auto& source) {
      return source != nullptr && is_same(*source, description, owner);
    });
    if (known != before.end()) {
      (*known)->set_video_type(description.video_type);
      sources_.push_back(std::move(*known));
    } else {
      sources_.push_back(std::make_unique<Source>(owner, description, ids_));
      change.added.push_back(sources_.back().get());
    }
  }
  for (auto& source : before)
    if (source != nullptr) change.removed.push_back(std::move(source));
  index_ssrcs();
  return change;
}

void SourceTable::index_ssrcs() {
  std::vector<std::unique_ptr<ReceiveStream>> before = std::exchange(streams_, {});
  entries_.clear();
  for (const auto& source : sources_) {
    for (std::uint8_t encoding = 0; encoding < source->encodings().size(); ++encoding) {
      const EncodingDescription& description = source->encodings()[encoding];
      const auto known = std::ranges::find_if(before, [&](const auto& stream) {
        return stream != nullptr && stream->ssrc() == description.ssrc;
      });
      streams_.push_back(known != before.end() ? std::move(*known)
                                               : std::make_unique<ReceiveStream>(description.ssrc));
      ReceiveStream* stream = streams_.back().get();
      entries_.push_back({description.ssrc, source.get(), encoding, Role::media, stream});
      if (description.rtx) entries_.push_back({*description.rtx, source.get(), encoding, Role::rtx, stream});
    }
  }
  std::ranges::stable_sort(entries_, {}, &Entry::ssrc);
  const auto same_ssrc = [](const Entry& a, const Entry& b) { return a.ssrc == b.ssrc; };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same_ssrc), entries_.end());
}

const SourceTable::Entry* SourceTable::find(Ssrc ssrc) const {
  const auto found = std::ranges::lower_bound(entries_, ssrc, {}, &Entry::ssrc);
  return found != entries_.end() && found->ssrc == ssrc ? &*found : nullptr;
}

Source* SourceTable::find(const SourceName& name) const {
  for (const auto& source : sources_)
    if (source->name() == name) return source.get();
  return nullptr;
}

}  // namespace cloister::videobridge::media
