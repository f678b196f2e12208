#include "xmpp/stream/depth_limiter.h"

namespace cloister::xmpp::stream {

std::string DepthLimiter::filter(std::string_view chunk) {
  std::string out;
  out.reserve(chunk.size());
  for (const char c : chunk) step(c, out);
  return out;
}

// A '<' is held back until the next character says what it opens: only then is the element's depth known.
void DepthLimiter::step(char c, std::string& out) {
  switch (state_) {
    case State::text:
      if (c == '<') {
        state_ = State::tag_start;
      } else if (kept()) {
        out += c;
      }
      return;
    case State::tag_start:
      if (c == '?') {
        state_ = State::declaration;
        depth_ = 0;
      } else if (c == '!') {
        state_ = State::cdata;
        brackets_ = 0;
      } else if (c == '/') {
        state_ = State::closing;
      } else {
        state_ = State::tag;
        ++depth_;
      }
      if (kept()) (out += '<') += c;
      last_ = c;
      return;
    case State::tag:
      if (kept()) out += c;
      if (c == '"' || c == '\'') {
        state_ = State::quoted;
        quote_ = c;
      } else if (c == '>') {
        state_ = State::text;
        if (last_ == '/') --depth_;
      }
      last_ = c;
      return;
    case State::quoted:
      if (kept()) out += c;
      if (c == quote_) state_ = State::tag;
      last_ = c;
      return;
    case State::closing:
      if (kept()) out += c;
      if (c == '>') {
        state_ = State::text;
        --depth_;
      }
      return;
    case State::declaration:
      if (kept()) out += c;
      if (c == '>') state_ = State::text;
      return;
    case State::cdata:  // "<![CDATA[" … "]]>"
      if (kept()) out += c;
      if (c == '>' && brackets_ >= 2) state_ = State::text;
      brackets_ = c == ']' ? brackets_ + 1 : 0;
      return;
  }
}

}  // namespace cloister::xmpp::stream
