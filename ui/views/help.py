"""F1: every key, by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.actions import ActionForm


_WIDTH_IN_CHARACTERS = 130  # where the screen has room: few lines wrap
_FRAME_IN_SPACES = 10  # what the window system puts around it
_WORDS_IN_CHARACTERS = 24  # at the least: both columns fit a small screen, and never ask to be moved sideways


class KeysDialog(QDialog):
    """Read it (↑ ↓ PgUp PgDn Home End, where it is higher than the screen), and Esc or Enter."""

    def __init__(self, window: QWidget, actions: Iterable[ActionForm]) -> None:
        """List the keys; those of the actions come from their facts."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("按键"))
        acts = "　".join(f"{f.letter}\u00a0{f.label}" for f in actions if f.letter)  # a letter stays with its word
        groups = {
            self.tr("到处"): [
                ("Ctrl+1 2 3 4 5", self.tr("登记、跟进、导出、设置、统计")),
                ("Ctrl+F", self.tr("搜索全部：编号、姓名、电话、任何词，结了案的也在内")),
                ("F4", self.tr("换人受理；设有口令的要输口令")),
                ("Ctrl+Shift+L", self.tr("锁定（离开座位时）；选姓名、输口令再接着做")),
                ("F7", self.tr("处理指引与话术：打开、关上；Enter 复制一句（登记、跟进）")),
                ("F8", self.tr("交班：未完事项、承诺、例行事项")),
                ("Esc", self.tr("返回，或关掉上面的提示；不会丢失已填的内容")),
                ("F12", self.tr("看上面黄条说的事：登记册打不开时去恢复，平时去“设置 → 备份”")),
                ("F1", self.tr("这张表")),
            ],
            self.tr("登记"): [
                ("Tab  Enter", self.tr("下一项（经过、要求里 Enter 换行，Tab 离开）")),
                ("Ctrl+↓  Ctrl+↑", self.tr("下一段、上一段（2 经过、3 谁 …）")),
                ("1 2 3 …  ← →", self.tr("在选项上：直接选")),
                ("Ctrl+S", self.tr("保存")),
                ("Ctrl+N", self.tr("下一位；没写完的留作一页")),
                ("Ctrl+Tab  Alt+1 … 9", self.tr("换到另一份没写完的登记；Ctrl+Shift+Tab 往回")),
                ("Ctrl+W  F3", self.tr("丢弃这一份；找回刚丢弃的")),
                ("F6", self.tr("老客户：去写电话任意四位；列出之后 ↑↓ 选，F6 带入，Ctrl+Z 撤销")),
                ("Ctrl+H", self.tr("这位客户的历次投诉：Enter 打开；分类、合并、拆开")),
                ("Alt+D", self.tr("可能是同一件时：记到那一件")),
                ("F2", self.tr("复述给客户听；Enter 客户确认")),
                ("Ctrl+O", self.tr("附件：选文件；也可以拖进来，或 Ctrl+Shift+V 粘贴")),
                ("Ctrl+Shift+O", self.tr("到附件上：← → 选，Enter 打开，Delete 移走")),
                ("P  Ctrl+P", self.tr("保存之后：打印受理回执；选别的表单打印")),
                ("W", self.tr("保存之后有预警：看是哪几件")),
                ("F5", self.tr("采用建议的分类")),
                ("F9", self.tr("更多项目")),
            ],
            self.tr("跟进"): [
                ("↑ ↓  Enter", self.tr("选择、打开")),
                ("Enter", self.tr("在打开的登记上：开始“接下来”的一步")),
                ("1 … 9  0  ← →", self.tr("换视图：逾期 今天 本周 全部 我的 待审批 待回访 待整改 承诺 未登记完")),
                ("Alt+1 2 3 4 …", self.tr("未处理、未复查、未反映、沉默客户，再往后是保存的视图")),
                ("Ctrl+L", self.tr("筛选、排序，起名保存；Esc 不再筛选")),
                ("S", self.tr("以后再办：写明时间和原因；最晚到期限")),
                (self.tr("字母"), acts),
                ("Ctrl+Enter", self.tr("完成这一步")),
                ("Ctrl+Z", self.tr("撤销刚做的一步（一分钟之内）")),
                ("Ctrl+O", self.tr("给这一件放附件；Ctrl+Shift+O 到附件上，Enter 打开，Delete 移走")),
                ("W", self.tr("为什么是这个时间：展开、收起")),
                ("J", self.tr("打开与它合并的另一件（合并：作废 Z，填并入编号）")),
                ("H", self.tr("这位客户的历次投诉；分类、合并、拆开")),
                ("L", self.tr("客户信息遮住时：谁能看")),
                ("Ctrl+P", self.tr("打印这一件的表单：空格勾选，Enter 预览")),
                (
                    self.tr("空格  Shift+↑↓"),
                    self.tr("选几件一起打印（Ctrl+P）；Ctrl+A 全选，Esc 都不选"),
                ),
            ],
            self.tr("交班"): [
                ("↑ ↓  Enter", self.tr("选一项、写交接说明（直接打字也行）")),
                ("Ctrl+D", self.tr("说明同上一项")),
                (self.tr("空格"), self.tr("例行事项：已做、还没做")),
                (self.tr("Del"), self.tr("过期的例行事项：没有做，也不补了")),
                ("Ctrl+S", self.tr("交班，双方确认")),
                ("Ctrl+P", self.tr("打印选中的交接班记录")),
            ],
            self.tr("搜索"): [
                ("↑ ↓  Enter", self.tr("选择、打开；从打开的那件按 Esc 回到结果")),
                ("PgDn  Ctrl+End", self.tr("往下，到底再列出更多")),
                ("Ctrl+L  Tab", self.tr("筛选：日期、类别、分类、部门、状态、操作员；起名保存")),
                (self.tr("Del  Alt+0"), self.tr("去掉这一个选项；去掉全部筛选")),
                ("Esc", self.tr("从筛选回到搜索框；再按回到原来的地方")),
            ],
            self.tr("设置"): [
                ("Alt+1 2 3 4 5 6 7", self.tr("门店与权限、工作日历、时限、分类与词语、日志、隐私、备份")),
                ("Alt+8 9", self.tr("接待量、满意度调查")),
                ("Ctrl+S", self.tr("保存设置；在日历、分类、词语上：填入这一个")),
                (self.tr("空格  Del"), self.tr("分类：隐藏、恢复；删去（行业的词语：停用、恢复）")),
                ("Ctrl+Enter", self.tr("隐私：匿名到期的（按两次）；Esc 停下")),
                ("F5", self.tr("立即备份")),
                ("F6", self.tr("检查登记册")),
                ("Alt+D  Alt+R", self.tr("备份：恢复演练；恢复一份备份")),
                ("Alt+F  Alt+U  Alt+X", self.tr("第二处（U 盘）：选文件夹；拷一份；不用了")),
                ("Ctrl+P", self.tr("打印刚给出的恢复码；锁定页上也是")),
                ("Ctrl+O  Ctrl+PgUp PgDn", self.tr("接待量：从表格读入；换一年")),
                ("1 2 3 4  Ctrl+S  Ctrl+Shift+Z", self.tr("满意度调查：选答案；存这一份、录下一份；撤回上一份")),
                ("Alt+M  Alt+K", self.tr("带走的备份：设、改口令；不再加密")),
            ],
            self.tr("统计"): [
                ("← →  Alt+← →", self.tr("换一期：在数字上；在哪里都行")),
                ("Enter  M  Esc", self.tr("列出背后的登记，比率先说怎么算；M 看作基数的；返回原处")),
                ("T", self.tr("在图上：换成表格，再按换回图")),
                ("H", self.tr("在预警上：写下措施，Ctrl+S 处理，Esc 返回（写的还在）；Enter 列出是哪几件")),
                ("Ctrl+L  F5", self.tr("只看投诉、看全部；重新统计（Esc 停下）")),
                ("Ctrl+P", self.tr("预览，从预览里打印、存为 PDF")),
            ],
            self.tr("登记册打不开时"): [
                ("1  2", self.tr("恢复最近的备份；把还能读的导出来")),
                ("3  4  R", self.tr("用别处的备份文件；用另一个数据文件夹；再试着打开")),
                ("Esc", self.tr("先登记：写的都留着，恢复后再存")),
            ],
            self.tr("导出"): [
                ("↑ ↓  PgUp PgDn", self.tr("换一个月、换年")),
                ("← →  M Q H Y W D", self.tr("换种类：月、季、半年、年、周、任意")),
                (self.tr("空格  Ctrl+A"), self.tr("勾选一张表；全勾、全不勾")),
                ("Ctrl+P", self.tr("预览，从预览里打印")),
                ("Ctrl+M", self.tr("月末一键导出：先看还缺什么，再导出这个期间的整套表")),
                ("Alt+M", self.tr("选还没有导出的上个月")),
                ("Ctrl+S", self.tr("导出；Esc 取消正在做的")),
                ("Ctrl+O", self.tr("选文件夹")),
                ("Ctrl+T", self.tr("用这一期间填一个自己的 Excel 模板")),
                ("F6", self.tr("核对一个导出的文件有没有改动")),
                ("Alt+K", self.tr("导出过去的整月之后：锁定这个月，以后的改动都标明")),
            ],
        }
        right = {
            title: groups[title]
            for title in (self.tr("跟进"), self.tr("设置"), self.tr("登记册打不开时"), self.tr("导出"))
        }
        left = {title: keys for title, keys in groups.items() if title not in right}
        sides = QWidget()
        row = QHBoxLayout(sides)
        row.setContentsMargins(theme.space(5), theme.space(4), theme.space(5), theme.space(2))
        row.setSpacing(theme.space(6))
        for side in (left, right):
            row.addLayout(_grid(side))
        scroll = _Scroll()
        scroll.setWidget(sides)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        done = QPushButton(self.tr("知道了  Esc"))
        done.clicked.connect(self.accept)
        done.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(4), theme.space(4))
        column.setSpacing(theme.space(2))
        column.addWidget(scroll)
        column.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(sides.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        free = self.screen().availableGeometry().size() - QSize(0, theme.space(_FRAME_IN_SPACES))
        width = min(_WIDTH_IN_CHARACTERS * self.fontMetrics().averageCharWidth(), free.width())
        height = sides.heightForWidth(width - theme.space(6)) + done.sizeHint().height() + theme.space(8)
        self.resize(QSize(width, height).boundedTo(free))
        scroll.setFocus(Qt.FocusReason.OtherFocusReason)


class _Scroll(QScrollArea):
    """Goes to its ends by Home and End too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(bar.minimum() if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)


def _grid(groups: Mapping[str, Sequence[tuple[str, str]]]) -> QGridLayout:
    """Return titles, keys and words below each other; long words wrap."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.space(5))
    grid.setVerticalSpacing(theme.space(0.5))
    width = _WORDS_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth()
    for title, keys in groups.items():
        head = QLabel(title)
        head.setFont(theme.font(bold=True))
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        for key, words in keys:
            row = grid.rowCount()
            key_label, words_label = QLabel(key), QLabel(words)
            theme.ink(key_label, Token.ACCENT)
            words_label.setWordWrap(True)
            words_label.setMinimumWidth(width)
            grid.addWidget(key_label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words_label, row, 1, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid
