// SPDX-License-Identifier: GPL-2.0-or-later
// The lines above and below the page: nothing in them is cut without an ellipsis, whatever the language, the
// view and the size; letters lead to controls, each to one; and the Tab key goes as the eye does.
#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <map>

#include "window/diary_view.h"
#include "window/labelled_chooser.h"
#include "window/legend_bar.h"
#include "window/mnemonic.h"
#include "window_fixture.h"

namespace humantime::ui {
namespace {

constexpr ViewKind kinds[] = {ViewKind::calendar, ViewKind::letters, ViewKind::diary, ViewKind::compare,
                              ViewKind::connections};
constexpr QSize sizes[] = {{1280, 800}, {1000, 640}, {760, 520}};

class ToolbarTest : public WindowTest {
 protected:
  void speak(Language language) {
    View view = window->view();
    view.language = language;
    window->set_view(view);
    settle();
  }
  /// What takes the Tab key, in its order, from the first control of the toolbar around.
  std::vector<QWidget*> way() const {
    std::vector<QWidget*> way;
    auto* first = child<QToolButton>("view_calendar");
    QWidget* at = first;
    do {
      if (at->isVisible() && at->isEnabled() && (at->focusPolicy() & Qt::TabFocus) != 0 &&
          at->focusProxy() == nullptr)
        way.push_back(at);
      at = at->nextInFocusChain();
    } while (at != first);
    return way;
  }
};

TEST_F(ToolbarTest, NothingIsCut) {
  open_article();
  for (const Language language : {Language::english, Language::japanese})
    for (const QSize& size : sizes)
      for (const ViewKind kind : kinds) {
        speak(language);
        window->resize(size);
        window->show_page(kind);
        settle();
        int seen = 0;
        for (const LabelledChooser* chooser : window->findChildren<LabelledChooser*>()) {
          if (!chooser->isVisible()) continue;
          ++seen;
          EXPECT_GE(chooser->width(), chooser->minimumSizeHint().width())
              << chooser->objectName().toStdString() << " at " << size.width();
          if (!chooser->isEditable()) {
            EXPECT_FALSE(chooser->is_cut()) << chooser->objectName().toStdString() << " at " << size.width();
          }
          EXPECT_TRUE(
              window->rect().contains(QRect(chooser->mapTo(window.get(), QPoint(0, 0)), chooser->size())));
        }
        EXPECT_GE(seen, kind == ViewKind::connections ? 4 : 5);
        for (const QAbstractButton* button : window->findChildren<QAbstractButton*>()) {
          if (!button->isVisible() || button->text().isEmpty()) continue;
          EXPECT_GE(button->width(),
                    button->fontMetrics().horizontalAdvance(without_mnemonic(button->text())))
              << button->text().toStdString() << " at " << size.width();
        }
      }
}

TEST_F(ToolbarTest, ALongNameEndsWithAnEllipsis) {
  source.journey_list = {
      {1, journeys::Kind::completed, FrameNumber{1}, 0, 0, "a-very-long-name-of-a-server.example.jp"}};
  write_article(TEST_DATA "/article-timeline.tsv", source);
  source.journey_list[0].name = "a-very-long-name-of-a-server.example.jp";
  open();
  window->resize(1280, 800);
  window->show_page(ViewKind::compare);
  speak(Language::japanese);
  auto* chooser = static_cast<LabelledChooser*>(child<QComboBox>("journey_chooser"));
  chooser->setFixedWidth(chooser->minimumSizeHint().width());
  settle();
  ASSERT_TRUE(chooser->is_cut());
  // The end of the field is free of ink: the text stops with its ellipsis, and begins at its beginning.
  QLineEdit* editor = chooser->lineEdit();
  editor->setCursorPosition(static_cast<int>(editor->text().size()));
  const QImage beginning = editor->grab().toImage();
  editor->setCursorPosition(0);
  EXPECT_EQ(editor->grab().toImage(), beginning) << "where the cursor was left does not move it";
}

TEST_F(ToolbarTest, EachLetterLeadsToOneControl) {
  open_article();
  for (const Language language : {Language::english, Language::japanese})
    for (const ViewKind kind : kinds) {
      speak(language);
      window->show_page(kind);
      settle();
      std::map<QString, std::string> letters;
      const auto take = [&](const QString& text) {
        const QString keys = QKeySequence::mnemonic(text).toString();
        if (keys.isEmpty()) return;
        EXPECT_TRUE(letters.emplace(keys, text.toStdString()).second)
            << keys.toStdString() << ": " << letters[keys] << " and " << text.toStdString();
      };
      for (const QAbstractButton* button : window->findChildren<QAbstractButton*>())
        if (button->isVisible()) take(button->text());
      for (const LabelledChooser* chooser : window->findChildren<LabelledChooser*>())
        if (chooser->isVisible()) take(chooser->label());
      // Five views, the journey, the scale, the origin or the alignment and the rows, the filter, saving.
      EXPECT_EQ(letters.size(), kind == ViewKind::compare ? 11U : 10U);
      if (language == Language::japanese) {
        for (const auto& [keys, text] : letters)
          EXPECT_NE(text.find("(&"), std::string::npos) << text << ": as Wireshark's Japanese has it";
      }
    }
}

TEST_F(ToolbarTest, TabGoesAsTheEyeDoes) {
  open_article();
  window->select_frame(FrameNumber{5});
  for (const ViewKind kind : kinds)
    for (const Level level : {Level::year, Level::day}) {
      View view = window->view();
      view.level = level;
      window->set_view(view);
      window->show_page(kind);
      settle();
      // From above to below, and in one line from left to right. A column beside another is its own.
      const QWidget* panel = child<QWidget>("panel");
      const auto column = [&](const QWidget* widget) { return panel->isAncestorOf(widget) ? 1 : 0; };
      const QWidget* legend = child<LegendBar>("legend");
      const auto band = [&](const QWidget* widget) {
        if (legend->isAncestorOf(widget)) return 2;
        return child<QWidget>("toolbar")->isAncestorOf(widget) ? 0 : 1;
      };
      const std::vector<QWidget*> all = way();
      EXPECT_GT(all.size(), 10U);
      for (std::size_t i = 1; i < all.size(); ++i) {
        const QWidget *a = all[i - 1], *b = all[i];
        const QPoint from = a->mapTo(window.get(), QPoint(0, 0)), to = b->mapTo(window.get(), QPoint(0, 0));
        const std::string names =
            (a->objectName() + QStringLiteral(" then ") + b->objectName()).toStdString();
        EXPECT_LE(band(a), band(b)) << names << " of view " << static_cast<int>(kind);
        if (band(a) != band(b)) continue;
        EXPECT_LE(column(a), column(b)) << names << " of view " << static_cast<int>(kind);
        if (column(a) != column(b)) continue;
        const bool same_line = std::abs((from.y() + a->height() / 2) - (to.y() + b->height() / 2)) < 12;
        EXPECT_TRUE(same_line ? from.x() < to.x() : from.y() < to.y())
            << names << " of view " << static_cast<int>(kind);
      }
    }
}

}  // namespace
}  // namespace humantime::ui
