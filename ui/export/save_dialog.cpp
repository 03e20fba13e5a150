// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/save_dialog.h"

#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QProgressDialog>
#include <cmath>

#include "export/exporter.h"

namespace humantime::ui {
namespace {

constexpr int steps = 1000;
constexpr int patience_ms = 500;  ///< before how far it is is shown

QLatin1String suffix_of(const Exporter& exporter) {
  return QLatin1String(exporter.suffix.data(), static_cast<int>(exporter.suffix.size()));
}

bool is_offered(const Exporter& exporter, const ExportJob& job) {
  return job.records || (exporter.suffix != "csv" && exporter.suffix != "json");
}

}  // namespace

QString SaveDialog::run(QWidget* parent, const ExportJob& job, const QString& folder) {
  QStringList filters;
  std::vector<const Exporter*> offered;
  for (const Exporter& exporter : exporters()) {
    if (!is_offered(exporter, job)) continue;
    filters << QStringLiteral("%1 (*.%2)")
                   .arg(QCoreApplication::translate("Exporter", exporter.name), suffix_of(exporter));
    offered.push_back(&exporter);
  }
  QFileDialog dialog(parent, tr("Save the year"), folder);
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setFileMode(QFileDialog::AnyFile);
  dialog.setNameFilters(filters);
  const auto chosen = [&] {
    const auto at = filters.indexOf(dialog.selectedNameFilter());
    return offered[static_cast<std::size_t>(at < 0 ? 0 : at)];
  };
  dialog.setDefaultSuffix(suffix_of(*chosen()));
  QObject::connect(&dialog, &QFileDialog::filterSelected, &dialog,
                   [&] { dialog.setDefaultSuffix(suffix_of(*chosen())); });
  if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) return {};

  const QString file = dialog.selectedFiles().constFirst();
  const std::string path = QFile::encodeName(file).toStdString();
  // A suffix that was written counts more than the filter below it.
  const Exporter* exporter = exporter_of(path);
  if (exporter == nullptr || !is_offered(*exporter, job)) exporter = chosen();

  QProgressDialog progress(tr("Saving %1").arg(QFileInfo(file).fileName()), tr("Cancel"), 0, steps, parent);
  progress.setWindowModality(Qt::WindowModal);
  progress.setMinimumDuration(patience_ms);
  const Saved saved = save(path, *exporter, job, [&](double share) {
    progress.setValue(static_cast<int>(std::lround(share * (steps - 1))));
    return !progress.wasCanceled();
  });
  progress.reset();
  if (saved.outcome == Outcome::failed) {
    // The file's name is anybody's: shown as it is, never read as markup.
    QMessageBox message(QMessageBox::Warning, tr("Save the year"), saved.sentence, QMessageBox::Ok, parent);
    message.setTextFormat(Qt::PlainText);
    message.exec();
  }
  return saved.outcome == Outcome::done ? QFileInfo(file).absolutePath() : QString();
}

}  // namespace humantime::ui
