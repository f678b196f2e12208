#include "gate/secrets/secret.h"

#include <openssl/crypto.h>

namespace cloister::gate::secrets {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cloister::gate::secrets
