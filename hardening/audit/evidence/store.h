// The runs of this machine in a database of mode 0600. One thread; sqlite3 keeps processes apart.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audit/evidence/bundle.h"
#include "base/result.h"

namespace cloister::sqlite {
class Database;
}

namespace cloister::audit::evidence {

struct StoredRun {
  Entry entry;
  std::size_t size = 0;  // of the report's text, bytes
};

class Store {
public:
  // Makes the file when there is none; its folder must be there.
  static Result<std::unique_ptr<Store>, SystemError> open(const std::string& path);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Signs it and adds it to the chain's end; gives its entry.
  Result<Entry, SystemError> add(const std::string& report, const SigningKey& key, const Moment& moment);
  Result<std::vector<StoredRun>, SystemError> list();
  // Up to the run of that number; 0 is the last. ENOENT when there is none.
  Result<Bundle, SystemError> bundle(std::uint64_t number = 0);

private:
  explicit Store(std::unique_ptr<sqlite::Database> database);
  std::vector<StoredRun> rows();

  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace cloister::audit::evidence
