#include "cli/host/qr_text.h"

#include <qrencode.h>

#include <memory>

namespace cloister::cli::host {
namespace {

using gate::secrets::Secret;

constexpr int kMargin = 4;  // ISO/IEC 18004: four modules of quiet zone

struct FreeCode {
  void operator()(QRcode* code) const {
    wipe(code->data, static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width));
    QRcode_free(code);
  }
};

bool is_dark(const QRcode& code, int x, int y) {
  if (x < 0 || y < 0 || x >= code.width || y >= code.width) return false;
  return (code.data[y * code.width + x] & 1U) != 0;
}

// Light modules are drawn: readers want dark on light, and most terminals are dark. On a light one the
// colours, which are set, do the same.
const char* two_rows(bool upper_dark, bool lower_dark) {
  if (upper_dark) return lower_dark ? " " : "\u2584";
  return lower_dark ? "\u2580" : "\u2588";
}

}  // namespace

Secret qr_text(const Secret& content) {
  const std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeString8bit(content.expose().c_str(), 0, QR_ECLEVEL_L));
  if (!code) return {};
  std::string text;
  for (int y = -kMargin; y < code->width + kMargin; y += 2) {
    text += "\x1b[97;40m";  // bright white on black
    for (int x = -kMargin; x < code->width + kMargin; ++x)
      text += two_rows(is_dark(*code, x, y), is_dark(*code, x, y + 1));
    text += "\x1b[0m\n";
  }
  return Secret(std::move(text));
}

}  // namespace cloister::cli::host
