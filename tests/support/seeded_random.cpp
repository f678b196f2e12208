#define OPENSSL_SUPPRESS_DEPRECATED  // RAND_METHOD: there is no other way that also covers key generation
#include "support/seeded_random.h"

#include <openssl/rand.h>

#include <random>

#include "base/assert.h"

namespace cloister::support {
namespace {

std::mt19937_64& generator() {
  static std::mt19937_64 one;
  return one;
}
bool installed = false;

int fill(unsigned char* out, int size) {
  for (int i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(generator()() & 0xffU);
  return 1;
}
int ready() { return 1; }

const RAND_METHOD kSeeded{nullptr, fill, nullptr, nullptr, fill, ready};

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed) {
  ASSERT(!installed);
  installed = true;
  generator().seed(seed);
  ASSERT(RAND_set_rand_method(&kSeeded) == 1);
}

SeededRandom::~SeededRandom() {
  RAND_set_rand_method(nullptr);
  installed = false;
}

}  // namespace cloister::support
