#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "audit/reports/format.h"
#include "audit/reports/json.h"

// A report that was stored elsewhere can be shown in every form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace reports = cloister::audit::reports;
  const auto report = reports::parse_json({reinterpret_cast<const char*>(data), size});
  if (!report) return 0;
  if (const auto again = reports::parse_json(reports::json_text(*report)); !again || *again != *report)
    std::abort();
  for (const auto format :
       {reports::Format::text, reports::Format::html, reports::Format::sarif, reports::Format::junit}) {
    std::ostringstream out;
    reports::write(out, format, *report, reports::Detail::everything);
  }
  return 0;
}
