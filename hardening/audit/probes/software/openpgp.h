// The public keys in a keyring (RFC 4880 §4.2, §6, §12.2), binary or armoured.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

// Fingerprints of the primary keys, 40 hexadecimal digits each (version 4). A key of another version is
// "version N". Bytes that do not fit the format end the reading; `complete` tells.
struct Keyring {
  std::vector<std::string> fingerprints;
  bool complete = true;
};
Keyring parse_keyring(std::string_view bytes);

}  // namespace cloister::audit::probes
