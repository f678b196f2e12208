// A QR code for the terminal: two rows of modules in one line of text.
#pragma once

#include <string>

#include "gate/secrets/secret.h"

namespace cloister::cli::host {

// Empty when the text is too long for one.
gate::secrets::Secret qr_text(const gate::secrets::Secret& content);

}  // namespace cloister::cli::host
