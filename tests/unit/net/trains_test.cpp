#include "net/trains.h"

#include <gtest/gtest.h>

#include <string>

namespace cloister::net {
namespace {

class TrainsTest : public testing::Test {
protected:
  void add(int destination, std::size_t size) {
    texts_.emplace_back(size, static_cast<char>('a' + texts_.size() % 26));
    destinations_.push_back(destination);
  }

  // "1:aab" = to destination 1, the first letters of the datagrams in their order.
  std::vector<std::string> sorted() {
    std::vector<Datagram> batch;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const auto address = SocketAddress::v4({10, 0, 0, static_cast<std::uint8_t>(destinations_[i])}, 5);
      batch.push_back({address, as_bytes(texts_[i])});
    }
    sorter_.sort(batch);
    std::vector<std::string> out;
    for (const Train& train : sorter_.trains()) {
      out.push_back(std::to_string(get_u8(train.to.remote.ip(), 3)) + ":");
      for (const iovec& piece : sorter_.pieces(train))
        out.back() += *static_cast<const char*>(piece.iov_base);
    }
    texts_.clear();
    destinations_.clear();
    return out;
  }

  std::vector<std::string> texts_;
  std::vector<int> destinations_;
  TrainSorter sorter_;
};

TEST_F(TrainsTest, DatagramsOfOnePathAndSizeShareATrainThoughOthersStandBetween) {
  for (int i = 0; i < 3; ++i)
    for (int destination = 1; destination <= 2; ++destination) add(destination, 100);
  EXPECT_EQ(sorted(), (std::vector<std::string>{"1:ace", "2:bdf"}));
}

TEST_F(TrainsTest, AShorterOneEndsItsTrainAndALongerOneStartsAnother) {
  for (const std::size_t size : {100, 100, 50, 50, 60, 100}) add(1, size);
  EXPECT_EQ(sorted(), (std::vector<std::string>{"1:abc", "1:d", "1:e", "1:f"}));
}

TEST_F(TrainsTest, ATrainEndsAtTheKernelsLimits) {
  for (int i = 0; i < 65; ++i) add(1, 100);
  const auto by_count = sorted();
  ASSERT_EQ(by_count.size(), 2U);
  EXPECT_EQ(by_count[1].size(), 2U + 1U);
  for (int i = 0; i < 60; ++i) add(1, 1200);
  const auto by_bytes = sorted();
  ASSERT_EQ(by_bytes.size(), 2U);
  EXPECT_EQ(by_bytes[0].size(), 2U + 53U);
}

TEST_F(TrainsTest, RoundsDoNotSeeEachOther) {
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 500; ++i) add(i % 250, 100);
    EXPECT_EQ(sorted().size(), 250U);
  }
  EXPECT_TRUE(sorted().empty());
}

}  // namespace
}  // namespace cloister::net
