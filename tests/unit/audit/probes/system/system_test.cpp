// What a probe can reach, and what it cannot: nothing outside the root, and nothing that is no plain file.
#include "audit/probes/system/system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"

namespace cloister::audit::probes {
namespace {

class Unpacked : public testing::Test {
protected:
  Unpacked() {
    std::filesystem::create_directories(folder_ / "root/etc/d");
    std::ofstream(folder_ / "secret") << "outside";
    write("/etc/hosts", "inside");
    for (const char* name : {"b.conf", "a.conf", ".hidden.conf", "c.txt"})
      write(std::string("/etc/d/") + name, name);
  }
  void write(const std::string& path, const std::string& text) {
    std::ofstream(folder_ / ("root" + path)) << text;
  }
  void link(const std::string& target, const std::string& path) {
    std::filesystem::create_symlink(target, folder_ / ("root" + path));
  }
  std::error_code error(const std::string& path) { return system_.read_file(path).error().code; }

  support::TemporaryFolder folder_;
  System system_ = [this] {
    std::filesystem::create_directories(folder_ / "root");
    return std::move(*System::at(folder_ / "root"));
  }();
};

TEST_F(Unpacked, LinksStayInside) {
  link("/etc/hosts", "/absolute");
  link("../../../../../../secret", "/etc/climbing");
  link("../secret", "/beside");
  EXPECT_EQ(system_.read_file("/absolute"), std::string_view("inside"))
      << "an absolute link begins at the root";
  EXPECT_EQ(error("/etc/climbing"), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error("/beside"), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error("/../secret"), std::errc::no_such_file_or_directory);
}

TEST_F(Unpacked, OnlyPlainFilesAreRead) {
  ASSERT_EQ(mkfifo((folder_ / "root/pipe").c_str(), 0600), 0);
  EXPECT_EQ(error("/pipe"), std::errc::invalid_argument) << "and nobody waits for a writer";
  EXPECT_EQ(error("/etc"), std::errc::invalid_argument);
}

TEST_F(Unpacked, LongFilesAreRefusedUnlessWanted) {
  write("/long", std::string(System::kUsualLimit + 1, 'x'));
  EXPECT_EQ(error("/long"), std::errc::file_too_large);
  EXPECT_TRUE(system_.read_file("/long", 2 * System::kUsualLimit));
}

TEST_F(Unpacked, AFileIsReadOnce) {
  ASSERT_TRUE(system_.read_file("/etc/hosts"));
  write("/etc/hosts", "changed meanwhile");
  EXPECT_EQ(system_.read_file("/etc/hosts"), std::string_view("inside")) << "all checks judge the same";
}

TEST_F(Unpacked, AbsentAndUnreadableAreTwoThings) {
  EXPECT_EQ(observation_of(system_.read_file("/none").error()).state, model::State::absent);
  EXPECT_EQ(observation_of(system_.read_file("/etc/hosts/x").error()).state, model::State::absent);
  const auto unreadable = observation_of({std::make_error_code(std::errc::permission_denied), "/etc/shadow"});
  EXPECT_EQ(unreadable.state, model::State::unreadable);
  EXPECT_EQ(unreadable.note, "/etc/shadow: Permission denied");
}

TEST_F(Unpacked, PatternsFindWhatTheShellWould) {
  using Paths = std::vector<std::string>;
  EXPECT_EQ(system_.glob("/etc/d/*.conf"), (Paths{"/etc/d/a.conf", "/etc/d/b.conf"}));
  EXPECT_EQ(system_.glob("/*/d/[bc].*"), (Paths{"/etc/d/b.conf", "/etc/d/c.txt"}));
  EXPECT_EQ(system_.glob("/etc/d/.h*"), (Paths{"/etc/d/.hidden.conf"}));
  EXPECT_EQ(system_.glob("/etc/hosts"), (Paths{"/etc/hosts"}));
  EXPECT_EQ(system_.glob("/etc/none"), Paths{});
  EXPECT_EQ(system_.glob("/none/*"), Paths{});
}

TEST_F(Unpacked, StatFollowsOnlyWhenAsked) {
  ASSERT_EQ(chmod((folder_ / "root/etc/hosts").c_str(), 04640), 0);
  link("hosts", "/etc/link");
  EXPECT_EQ(system_.stat("/etc/link")->type, FileStatus::Type::link);
  EXPECT_EQ(system_.stat("/etc/link", Follow::yes)->mode_text(), "4640");
  EXPECT_EQ(system_.read_link("/etc/link"), std::string("hosts"));
}

TEST_F(Unpacked, DoesNotRun) {
  EXPECT_FALSE(system_.is_live());
  EXPECT_FALSE(system_.doors().audit);
}

}  // namespace
}  // namespace cloister::audit::probes
