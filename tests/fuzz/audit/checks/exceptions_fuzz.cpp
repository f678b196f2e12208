#include <cstddef>
#include <cstdint>
#include <string>

#include "audit/checks/exceptions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace audit = cloister::audit;
  audit::checks::Problems problems;
  audit::checks::parse_exceptions("f.yaml", std::string(reinterpret_cast<const char*>(data), size),
                                  audit::model::Exception::Origin::site, problems);
  return 0;
}
