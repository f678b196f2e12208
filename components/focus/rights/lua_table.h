// kTable as Prosody's modules read it: components/prosody/cloister_rights.lib.lua, byte for byte.
#pragma once

#include <string>

namespace cloister::focus::rights {

std::string write_lua_table();

}  // namespace cloister::focus::rights
