// What DtlsSession asks of OpenSSL. Internal to the session.
#pragma once

#include <openssl/types.h>

#include <optional>

#include "videobridge/transport/dtls/dtls_session.h"

namespace cloister::videobridge::transport {

// An engine that reads the session's input and writes to it. The caller owns it.
SSL* make_dtls_engine(const Certificate& certificate, DtlsRole role, DtlsSession& session);

// Nothing when no profile of ours was agreed.
std::optional<SrtpKeys> export_srtp_keys(SSL& ssl, DtlsRole role);

}  // namespace cloister::videobridge::transport
