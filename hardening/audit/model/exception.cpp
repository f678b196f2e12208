#include "audit/model/exception.h"

namespace cloister::audit::model {

const char* word(Exception::Origin origin) {
  return origin == Exception::Origin::product ? "product" : "site";
}

}  // namespace cloister::audit::model
