#include "base/personal.h"

#include <openssl/crypto.h>

namespace cloister {

void wipe(void* data, std::size_t size) noexcept { OPENSSL_cleanse(data, size); }

void wipe(std::string& text) noexcept {
  if (text.capacity() == 0) return;
  // Everything up to the capacity may hold old content; resize to it without a new allocation.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace cloister
