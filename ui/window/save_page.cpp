// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/save_page.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QProgressDialog>
#include <QStringList>
#include <map>

#include "export/exporter.h"
#include "window/event_words.h"

namespace humantime::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(humantime::ui::SavePage)
};

}  // namespace

QString save_page(QWidget* parent, const ExportJob& job) {
  std::map<QString, const Exporter*> formats;
  QStringList filters;
  for (const Exporter& exporter : exporters()) {
    filters += QStringLiteral("%1 (*.%2)")
                   .arg(QCoreApplication::translate("Exporter", exporter.name), to_qt(exporter.suffix));
    formats[filters.last()] = &exporter;
  }
  QString chosen = filters.first();
  QString path = QFileDialog::getSaveFileName(parent, Words::tr("Save the Timeline"),
                                              QFileInfo(job.file).completeBaseName(),
                                              filters.join(QStringLiteral(";;")), &chosen);
  if (path.isEmpty()) return {};
  // The name's end tells the format; without one of ours the chosen one's is added.
  const Exporter* exporter = exporter_of(path.toStdString());
  if (exporter == nullptr) {
    const auto found = formats.find(chosen);
    exporter = found == formats.end() ? formats.begin()->second : found->second;
    path += QLatin1Char('.') + to_qt(exporter->suffix);
  }
  QProgressDialog progress(Words::tr("Saving…"), Words::tr("Cancel"), 0, 1000, parent);
  progress.setWindowModality(Qt::WindowModal);
  const Saved saved = save(QFile::encodeName(path).toStdString(), *exporter, job, [&](double share) {
    progress.setValue(static_cast<int>(share * 999));
    return !progress.wasCanceled();
  });
  if (saved.outcome == Outcome::cancelled) return {};
  return saved.outcome == Outcome::done ? Words::tr("Saved as %1.").arg(QFileInfo(path).fileName())
                                        : saved.sentence;
}

}  // namespace humantime::ui
