#include "wire/dependency_descriptor.h"

#include <algorithm>

#include "wire/bits.h"

namespace cloister::wire {

namespace {

constexpr std::size_t kMandatoryBytes = 3;
constexpr std::uint32_t kTemplateIds = 64;

struct Flags {
  bool structure = false;
  bool active_targets = false;
  bool own_indications = false;
  bool own_references = false;
  bool own_chains = false;
};

Flags read_flags(BitReader& in) {
  Flags out;
  out.structure = in.flag();
  out.active_targets = in.flag();
  out.own_indications = in.flag();
  out.own_references = in.flag();
  out.own_chains = in.flag();
  return out;
}

bool read_layers(BitReader& in, DependencyStructure& out) {
  constexpr std::uint32_t kNextTemporal = 1;
  constexpr std::uint32_t kNextSpatial = 2;
  constexpr std::uint32_t kEnd = 3;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  std::uint32_t next = 0;
  do {
    if (out.template_count == DependencyStructure::kMaxTemplates) return false;
    FrameDependencies& entry = out.templates[out.template_count++];
    entry.spatial = spatial;
    entry.temporal = temporal;
    next = in.number(2);
    if (next == kNextTemporal) ++temporal;
    if (next == kNextSpatial) {
      ++spatial;
      temporal = 0;
    }
    if (spatial >= out.sizes.size() || temporal > 7) return false;
  } while (next != kEnd && in.ok());
  out.spatial_layers = static_cast<std::uint8_t>(spatial + 1);
  return true;
}

std::uint64_t read_indications(BitReader& in, std::size_t targets) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < targets; ++i) out |= std::uint64_t{in.number(2)} << (2 * i);
  return out;
}

bool add_reference(FrameDependencies& out, std::uint32_t frames_back_minus_one) {
  if (out.reference_count == FrameDependencies::kMaxReferences) return false;
  out.frames_back[out.reference_count++] = static_cast<std::uint16_t>(frames_back_minus_one + 1);
  return true;
}

bool read_template_references(BitReader& in, FrameDependencies& out) {
  while (in.flag())
    if (!add_reference(out, in.number(4))) return false;
  return true;
}

bool read_own_references(BitReader& in, FrameDependencies& out) {
  out.reference_count = 0;
  while (const std::uint32_t quads = in.number(2))
    if (!add_reference(out, in.number(4 * quads))) return false;
  return true;
}

// Chains tell a receiver what it misses; here references do.
void skip_chains(BitReader& in, const DependencyStructure& structure) {
  const std::uint32_t chains = in.one_of(structure.target_count + 1U);
  if (chains == 0) return;
  for (std::size_t i = 0; i < structure.target_count; ++i) in.one_of(chains);
  for (std::size_t i = 0; i < structure.template_count * chains; ++i) in.number(4);
}

void find_target_layers(DependencyStructure& out) {
  for (std::size_t target = 0; target < out.target_count; ++target)
    for (const FrameDependencies& entry : std::span(out.templates).first(out.template_count)) {
      if (entry.indication(target) == Indication::not_present) continue;
      out.targets[target].spatial = std::max(out.targets[target].spatial, entry.spatial);
      out.targets[target].temporal = std::max(out.targets[target].temporal, entry.temporal);
    }
}

Result<DependencyStructure, DependencyError> read_structure(BitReader& in) {
  DependencyStructure out;
  out.template_id_offset = static_cast<std::uint8_t>(in.number(6));
  out.target_count = static_cast<std::uint8_t>(in.number(5) + 1);
  if (!read_layers(in, out)) return fail(DependencyError::too_many_templates);
  const auto templates = std::span(out.templates).first(out.template_count);
  for (FrameDependencies& entry : templates) entry.indications = read_indications(in, out.target_count);
  for (FrameDependencies& entry : templates)
    if (!read_template_references(in, entry)) return fail(DependencyError::too_many_references);
  skip_chains(in, out);
  out.has_sizes = in.flag();
  for (std::size_t i = 0; out.has_sizes && i < out.spatial_layers; ++i) {
    out.sizes[i].width = static_cast<std::uint16_t>(in.number(16) + 1);
    out.sizes[i].height = static_cast<std::uint16_t>(in.number(16) + 1);
  }
  if (!in.ok()) return fail(DependencyError::truncated);
  find_target_layers(out);
  return out;
}

const FrameDependencies* find_template(const DependencyStructure& structure, std::uint8_t id) {
  const std::size_t index = (id + kTemplateIds - structure.template_id_offset) % kTemplateIds;
  return index < structure.template_count ? &structure.templates[index] : nullptr;
}

}  // namespace

Result<DependencyDescriptor, DependencyError> parse_dependency_descriptor(Bytes data,
                                                                          DependencyStructure& structure) {
  BitReader in(data);
  DependencyDescriptor out;
  out.frame_start = in.flag();
  out.frame_end = in.flag();
  out.template_id = static_cast<std::uint8_t>(in.number(6));
  out.frame_number = static_cast<std::uint16_t>(in.number(16));
  const Flags flags = data.size() > kMandatoryBytes ? read_flags(in) : Flags{};
  if (!in.ok()) return fail(DependencyError::truncated);
  if (flags.structure) {
    const auto read = read_structure(in);
    if (!read) return fail(read.error());
    structure = *read;
    out.has_structure = true;
  }
  const FrameDependencies* entry = find_template(structure, out.template_id);
  if (entry == nullptr) return out;
  if (flags.active_targets) out.active_targets = in.number(structure.target_count);
  FrameDependencies frame = *entry;
  if (flags.own_indications) frame.indications = read_indications(in, structure.target_count);
  if (flags.own_references && !read_own_references(in, frame))
    return fail(DependencyError::too_many_references);
  if (!in.ok()) return fail(DependencyError::truncated);
  out.frame = frame;
  return out;
}

std::size_t write_dependency_descriptor(MutableBytes out, Bytes original, const DependencyNumbers& numbers) {
  BitReader in(original);
  BitWriter to(out);
  to.copy(in, 2);
  const auto shifted = [&] { return (in.number(6) + numbers.template_shift) % kTemplateIds; };
  to.number(shifted(), 6);
  in.number(16);
  to.number(numbers.frame_number, 16);
  const Flags flags = original.size() > kMandatoryBytes ? read_flags(in) : Flags{};
  const bool names_targets = numbers.target_count > 0;
  if (original.size() > kMandatoryBytes || names_targets)
    for (const bool flag : {flags.structure, flags.active_targets || names_targets, flags.own_indications,
                            flags.own_references, flags.own_chains})
      to.number(flag ? 1 : 0, 1);
  if (flags.structure) {
    BitReader ahead = in;
    if (!read_structure(ahead)) return 0;
    to.number(shifted(), 6);
    to.copy(in, ahead.position());
  }
  if (names_targets) {
    if (flags.active_targets) in.number(numbers.target_count);
    to.number(numbers.active_targets, numbers.target_count);
  }
  to.copy(in, original.size() * 8);
  return in.ok() && to.ok() ? to.size() : 0;
}

}  // namespace cloister::wire
