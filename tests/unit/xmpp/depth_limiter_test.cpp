#include "xmpp/stream/depth_limiter.h"

#include <gtest/gtest.h>

namespace cloister::xmpp::stream {
namespace {

std::string nested(int levels) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += "<a>";
  text += "x";
  for (int i = 0; i < levels; ++i) text += "</a>";
  return text;
}

TEST(DepthLimiter, PassesWhatIsShallow) {
  const std::string text =
      "<?xml version='1.0'?><s:s to='a>b'><iq id=\"1/\"/><b>&lt;<![CDATA[<a><a>]]]></b></s:s>";
  EXPECT_EQ(DepthLimiter().filter(text), text);
}

TEST(DepthLimiter, DropsWhatIsTooDeepAndKeepsTheRest) {
  DepthLimiter limiter;
  EXPECT_EQ(limiter.filter(nested(DepthLimiter::kMaxDepth)), nested(DepthLimiter::kMaxDepth));
  const std::string limited = limiter.filter(nested(10000));
  EXPECT_LT(limited.size(), nested(DepthLimiter::kMaxDepth + 1).size());
  EXPECT_EQ(limiter.filter("<b/>"), "<b/>");
}

TEST(DepthLimiter, DoesNotCareWhereChunksEnd) {
  const std::string text = "<s><a b='1' c=\"</a>\"/>" + nested(40) + "<d>]]><![CDATA[</d>]]></d></s>";
  DepthLimiter whole;
  DepthLimiter single;
  std::string by_byte;
  for (const char c : text) by_byte += single.filter({&c, 1});
  EXPECT_EQ(by_byte, whole.filter(text));
}

TEST(DepthLimiter, ANewStreamBeginsAtTheTop) {
  DepthLimiter limiter;
  limiter.filter("<stream>");
  for (int i = 0; i < 100; ++i) limiter.filter("<?xml version='1.0'?><stream>");
  EXPECT_EQ(limiter.filter("<iq/>"), "<iq/>");
}

}  // namespace
}  // namespace cloister::xmpp::stream
