// deb822: paragraphs lie in the text one behind the other, and a field inside its paragraph.
#include "audit/probes/text/paragraphs.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const char* behind = text.data();
  for_each_paragraph(text, [&](const Paragraph& each) {
    ASSERT(!each.text.empty() && each.text.data() >= behind);
    behind = each.text.data() + each.text.size();
    ASSERT(behind <= text.data() + text.size());
    const std::string_view field = each.field("Version");
    ASSERT(field.empty() || (field.data() >= each.text.data() && field.data() + field.size() <= behind));
  });
  return 0;
}
