// SPDX-License-Identifier: GPL-2.0-or-later
// A capture on paper, its timeline, and a job to export it.
#pragma once

#include <QBuffer>
#include <QString>
#include <string>

#include "export/exporter.h"
#include "paper_source.h"

namespace humantime::ui::test {

/// The article's, with a name and texts that a hostile capture might have.
class NastySource : public PaperSource {
 public:
  std::string detail = "semi;colon, comma\\back \"quoted\" 日本語 <b>&amp;";
  explicit NastySource(PaperSource paper) : PaperSource(std::move(paper)) {}
  EventText text(FrameNumber) const override { return {"192.0.2.10:5", "[2001:db8::1]:443", detail}; }
};

struct Exported {
  Outcome outcome;
  std::string bytes;
  QString error;
};

class Job {
 public:
  explicit Job(const Source& source) : timeline(source) {
    while (timeline.advance(1000)) {
    }
  }
  ExportJob job() const {
    QFont font(QStringLiteral("Noto Sans"));
    font.setPixelSize(12);
    return {timeline, view, QStringLiteral("paper.pcapng"), variant, font, width, height, records};
  }
  Exported run(std::string_view suffix, const Progress& progress = {}) const {
    const Exporter* exporter = exporter_of("x." + std::string(suffix));
    if (exporter == nullptr) return {Outcome::failed, {}, QStringLiteral("no such format")};
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    Exported exported{};
    exported.outcome = exporter->write(job(), buffer, progress, exported.error);
    exported.bytes = buffer.data().toStdString();
    return exported;
  }

  Timeline timeline;
  View view;
  Theme::Variant variant = Theme::Variant::light;
  double width = 1280, height = 800;
  RecordWriter records;
};

inline std::string article_path() {
  return std::string(TEST_DATA) + "/article-timeline.tsv";
}

}  // namespace humantime::ui::test
