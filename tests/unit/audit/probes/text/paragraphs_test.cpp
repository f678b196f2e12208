#include "audit/probes/text/paragraphs.h"

#include <gmock/gmock.h>

namespace cloister::audit::probes {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> packages(std::string_view text) {
  std::vector<std::string> names;
  for_each_paragraph(text, [&](const Paragraph& each) { names.emplace_back(each.field("Package")); });
  return names;
}

TEST(Paragraphs, ArePartedByEmptyLines) {
  EXPECT_THAT(packages("Package: a\nVersion: 1\n\n\n \nPackage: b\n"), ElementsAre("a", "b"));
  EXPECT_THAT(packages("\n\nPackage: c"), ElementsAre("c"));
  EXPECT_THAT(packages(""), ElementsAre());
  EXPECT_THAT(packages("\n\n"), ElementsAre());
}

TEST(Paragraphs, FindAFieldByItsWholeName) {
  const Paragraph paragraph{"Package-Type: deb\nPackage: nginx\nDescription: a\n Package: b\n"};
  EXPECT_EQ(paragraph.field("Package"), "nginx");
  EXPECT_EQ(paragraph.field("Pack"), "");
  EXPECT_EQ(paragraph.field("Version"), "");
}

}  // namespace
}  // namespace cloister::audit::probes
