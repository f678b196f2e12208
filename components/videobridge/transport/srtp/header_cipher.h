// Encryption of chosen RTP header extension elements (RFC 6904) in one direction: the data of the elements is
// hidden, ids, lengths and padding stay readable. Under GCM, too, the key stream is AES in counter mode (RFC
// 7714 §8.3). Encrypting and decrypting are the same.
#pragma once

#include <openssl/types.h>

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "videobridge/transport/srtp/srtp_keys.h"

namespace cloister::videobridge::transport {

// Ids of the elements whose encrypted form was negotiated (RFC 8285 ids 1…255).
using ExtensionIds = std::bitset<256>;

class HeaderCipher {
public:
  HeaderCipher(SrtpProfile profile, const SrtpMasterKey& master);
  ~HeaderCipher();
  HeaderCipher(const HeaderCipher&) = delete;
  HeaderCipher& operator=(const HeaderCipher&) = delete;

  // None at the beginning. OpenSSL's half a kilobyte is asked for with the first one only.
  void set_ids(const ExtensionIds& ids);

  // `packet` begins with a whole RTP header; `index` is that of the packet (48 bits). A block that is not of
  // RFC 8285, and everything from its first malformed element on, stays as it is.
  void apply(MutableBytes packet, std::uint64_t index);

private:
  static constexpr std::size_t kBlock = 16;
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const;
  };

  void apply_to(MutableBytes block, std::size_t at, std::size_t size);
  void next_block(std::size_t number);

  std::array<std::byte, 16> key_{};
  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context_;  // the bare block cipher: a stream is a few blocks
  std::array<std::uint8_t, 14> salt_{};
  ExtensionIds ids_;
  bool active_ = false;
  // Of the packet at hand.
  std::array<std::uint8_t, kBlock> counter_{};
  std::array<std::uint8_t, kBlock> stream_{};
  std::size_t stream_number_ = 0;  // which block of the key stream that is
};

}  // namespace cloister::videobridge::transport
