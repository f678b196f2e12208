// The least that a join can cost a server: one DTLS 1.2 handshake with certificates on both sides, the keys
// out of it, and a cipher for each direction; all in memory, by OpenSSL alone. No ICE, no state of anybody.
#include <benchmark/benchmark.h>
#include <openssl/ssl.h>

#include <ctime>
#include <memory>

#include "forward/gcm.h"
#include "videobridge/transport/dtls/certificate.h"

namespace {

using namespace cloister;

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;

double thread_cpu_seconds() {
  timespec cpu{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  return static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) / 1e9;
}

Ssl make(SSL_CTX* context) {
  Ssl ssl(SSL_new(context));
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_options(ssl.get(), SSL_OP_NO_QUERY_MTU);
  SSL_set_mtu(ssl.get(), 1200);
  return ssl;
}

// What one has written is the other's to read.
void carry(SSL* from, SSL* to) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(from), &bytes);
  if (size > 0) BIO_write(SSL_get_rbio(to), bytes, static_cast<int>(size));
  BIO_reset(SSL_get_wbio(from));
}

void floor_join(benchmark::State& state) {
  const auto certificate = videobridge::transport::Certificate::generate();
  // Ours asks a session of ours whom to trust; here there is none.
  SSL_CTX_set_cert_verify_callback(
      certificate->context(), [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
  double server_seconds = 0;
  for (auto _ : state) {
    const Ssl client = make(certificate->context());
    SSL_set_connect_state(client.get());
    const double made = thread_cpu_seconds();
    const Ssl server = make(certificate->context());
    SSL_set_accept_state(server.get());
    server_seconds += thread_cpu_seconds() - made;
    for (int flight = 0; flight < 8; ++flight) {
      SSL_do_handshake(client.get());
      carry(client.get(), server.get());
      const double before = thread_cpu_seconds();
      SSL_do_handshake(server.get());
      server_seconds += thread_cpu_seconds() - before;
      carry(server.get(), client.get());
    }
    if (SSL_is_init_finished(server.get()) == 0) return state.SkipWithError("no handshake");
    const double before = thread_cpu_seconds();
    std::array<unsigned char, 56> keys{};
    constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";  // RFC 5764 §4.2
    SSL_export_keying_material(server.get(), keys.data(), keys.size(), kLabel.data(), kLabel.size(), nullptr,
                               0, 0);
    bench::Gcm out(keys[0]);
    bench::Gcm in(keys[1]);
    benchmark::DoNotOptimize(out);
    benchmark::DoNotOptimize(in);
    server_seconds += thread_cpu_seconds() - before;
  }
  state.counters["server_us"] = benchmark::Counter(server_seconds * 1e6, benchmark::Counter::kAvgIterations);
}
BENCHMARK(floor_join)->Unit(benchmark::kMicrosecond);

}  // namespace
