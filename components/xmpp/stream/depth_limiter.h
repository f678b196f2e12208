// Drops what lies deeper in an XML stream than any stanza of ours needs. gloox builds, prints and frees its
// trees by recursion (and prints in quadratic time): a participant's presence of 256 kB of nested elements
// would otherwise stop or crash the focus.
#pragma once

#include <string>
#include <string_view>

namespace cloister::xmpp::stream {

class DepthLimiter {
public:
  static constexpr int kMaxDepth = 24;  // the stream itself is 1

  // The next bytes of the stream, without the elements that are too deep. Chunks may end anywhere. An XML
  // declaration begins a new stream (after TLS, after SASL).
  std::string filter(std::string_view chunk);

private:
  enum class State : std::uint8_t { text, tag_start, tag, quoted, closing, declaration, cdata };
  void step(char c, std::string& out);
  bool kept() const { return depth_ <= kMaxDepth; }

  State state_ = State::text;
  int depth_ = 0;  // with the element being opened
  char quote_ = 0;
  char last_ = 0;
  int brackets_ = 0;  // of "]]>"
};

}  // namespace cloister::xmpp::stream
