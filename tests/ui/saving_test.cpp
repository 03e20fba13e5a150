// SPDX-License-Identifier: GPL-2.0-or-later
// Files are written whole or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "export/exporter.h"
#include "export/replacement_file.h"
#include "export_fixture.h"

namespace humantime::ui {
namespace {

using test::article;
using test::article_path;
using test::Job;
using test::PaperSource;
using testing::HasSubstr;

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Saving : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path().toStdString()), {}));
  }
  Saved save_as(const std::string& name, const Progress& progress = {}) const {
    return save(path(name), *exporter_of(name), job_.job(), progress);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

  QTemporaryDir folder_;
  PaperSource source_ = article(article_path());
  Job job_{source_};
};

TEST_F(Saving, EveryFormatMakesItsFileAndNothingElse) {
  job_.records = [](reports::Format format, QIODevice& device, const Progress&, QString&) {
    device.write(format == reports::Format::csv ? "a,b\r\n" : "{}\n");
    return Outcome::done;
  };
  for (const Exporter& exporter : exporters()) {
    const std::string name = "year." + std::string(exporter.suffix);
    const Saved saved = save_as(name);
    EXPECT_EQ(saved.outcome, Outcome::done) << saved.sentence.toStdString();
    EXPECT_FALSE(content(path(name)).empty());
  }
  EXPECT_EQ(files(), exporters().size());
  EXPECT_EQ(content(path("year.csv")), "a,b\r\n");
  EXPECT_EQ(content(path("year.json")), "{}\n");
}

TEST_F(Saving, AFileThatIsThereIsReplacedAndKeepsItsRights) {
  write("year.png", "old");
  ASSERT_EQ(::chmod(path("year.png").c_str(), 0640), 0);
  EXPECT_EQ(save_as("year.png").outcome, Outcome::done);
  EXPECT_TRUE(content(path("year.png")).starts_with("\x89PNG"));
  struct stat about {};
  ASSERT_EQ(::stat(path("year.png").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0640U);
  EXPECT_EQ(files(), 1U);
}

TEST_F(Saving, ALinkStaysALink) {
  write("real.png", "old");
  ASSERT_EQ(::symlink("real.png", path("year.png").c_str()), 0);
  EXPECT_EQ(save_as("year.png").outcome, Outcome::done);
  EXPECT_TRUE(std::filesystem::is_symlink(path("year.png")));
  EXPECT_TRUE(content(path("real.png")).starts_with("\x89PNG"));
}

TEST_F(Saving, ANameOfAnyBytesIsTaken) {
  const std::string name = "-\xff\n\xe6\x97.svg";
  EXPECT_EQ(save_as(name).outcome, Outcome::done);
  EXPECT_THAT(content(path(name)), HasSubstr("<svg"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(Saving, AFailureSaysWhichFileAndWhy) {
  struct Row {
    std::string name, why;
  };
  ASSERT_TRUE(std::filesystem::create_directory(path("folder.png")));
  ASSERT_EQ(::mkfifo(path("pipe.png").c_str(), 0600), 0);
  for (const Row& row : {Row{"nowhere/year.png", "No such file or directory"},
                         Row{"folder.png", "Is a directory"}, Row{"pipe.png", "It is no regular file"}}) {
    const Saved saved = save_as(row.name);
    EXPECT_EQ(saved.outcome, Outcome::failed);
    EXPECT_EQ(saved.sentence.toStdString(), path(row.name) + " could not be written: " + row.why + ".");
  }
  EXPECT_EQ(files(), 2U);
}

/// Files may not grow beyond some bytes: as a disk that is full.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    // Else the first byte too many would end the program.
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  rlimit before_{};
};

class OnAFullDisk : public Saving, public testing::WithParamInterface<bool> {};
INSTANTIATE_TEST_SUITE_P(Records, OnAFullDisk, testing::Bool());
TEST_P(OnAFullDisk, NothingIsLeft) {
  const bool passed_on = GetParam();
  if (passed_on)
    job_.records = [](reports::Format, QIODevice& device, const Progress&, QString&) {
      // As one who does not look whether it could.
      for (int i = 0; i < 1000; ++i) device.write("a line of an event\n");
      return Outcome::done;
    };
  for (const Exporter& exporter : exporters()) {
    const std::string name = "year." + std::string(exporter.suffix);
    ASSERT_EQ(save_as(name).outcome, Outcome::done);
    const rlim_t whole = content(path(name)).size();
    std::filesystem::remove(path(name));
    for (const rlim_t bytes : {rlim_t{0}, rlim_t{500}, whole - 1}) {
      for (const bool is_there : {false, true}) {
        if (is_there) write(name, "old");
        Saved saved;
        {
          const SmallDisk disk(bytes);
          saved = save_as(name);
        }
        EXPECT_EQ(saved.outcome, Outcome::failed) << name << " with " << bytes;
        EXPECT_THAT(saved.sentence.toStdString(), testing::EndsWith("could not be written: File too large."));
        EXPECT_EQ(files(), is_there ? 1U : 0U);
        if (is_there) {
          EXPECT_EQ(content(path(name)), "old");
          std::filesystem::remove(path(name));
        }
      }
    }
  }
}

TEST(Exporters, AreFoundByTheSuffix) {
  for (const Exporter& exporter : exporters()) {
    EXPECT_EQ(exporter_of("a." + std::string(exporter.suffix)), &exporter);
    EXPECT_EQ(exporter_of("/x.y/a.b." + std::string(exporter.suffix)), &exporter);
  }
  EXPECT_EQ(exporter_of("A.PNG"), exporter_of("a.png"));
  // Of suffixes that end alike the longest; a file of that name alone has the shorter one.
  EXPECT_EQ(exporter_of("a.Trace.JSON")->suffix, "trace.json");
  EXPECT_EQ(exporter_of("trace.json")->suffix, "json");
  EXPECT_EQ(exporter_of("a.xtrace.json")->suffix, "json");
  for (const char* name : {"", "png", ".", "a.", "a.pngx", "a.xpng", "dir.png/file", "a.png/", "a.txt"})
    EXPECT_EQ(exporter_of(name), nullptr) << name;
}

}  // namespace
}  // namespace humantime::ui
