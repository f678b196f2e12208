#include "focus/rights/lua_table.h"

#include "focus/rights/rights.h"

namespace cloister::focus::rights {

std::string write_lua_table() {
  std::string text =
      "-- Who may do what, written from components/focus/rights/rights.h: change it there; a test compares "
      "and says how.\n"
      "-- `switch`: where the meeting's policy can take it from participants and viewers.\n"
      "\nreturn {\n";
  for (const Row& row : kTable) {
    text += "\t" + std::string(row.name) + " = { ";
    for (const Role role : kRoles)
      text += std::string(name_of(role)) + " = " + (grants(role, row.right) ? "true" : "false") + ", ";
    if (row.switched_by)
      text +=
          "switch = \"" + std::string(kSwitchNames.at(static_cast<std::size_t>(*row.switched_by))) + "\", ";
    text.resize(text.size() - 2);
    text += " };\n";
  }
  return text + "};\n";
}

}  // namespace cloister::focus::rights
