"""A sheet of characters to draw boxes and arrows on."""

from collections.abc import Sequence


class Canvas:
    """Characters at places; it grows as far as something is drawn. Lines count from the top."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], str] = {}

    def text(self, line: int, column: int, text: str) -> None:
        """Write from a place to the right."""
        for offset, character in enumerate(text):
            self._cells[line, column + offset] = character

    def centred(self, line: int, column: int, text: str) -> None:
        """Write around a column."""
        self.text(line, column - len(text) // 2, text)

    def box(self, line: int, left: int, right: int, texts: Sequence[str]) -> None:
        """A frame from column `left` to `right` whose top is `line`, with a centred text in each line inside."""
        inner = right - left - 1
        self.text(line, left, "┌" + "─" * inner + "┐")
        for offset, text in enumerate(texts, start=1):
            self.text(line + offset, left, "│" + text.center(inner) + "│")
        self.text(line + len(texts) + 1, left, "└" + "─" * inner + "┘")

    def up(self, bottom: int, top: int, column: int) -> None:
        """An arrow upwards between two boxes, whose edges are `bottom` and `top`; a free end is no edge."""
        self._cells[bottom, column] = "┴" if self._cells.get((bottom, column)) == "─" else "│"
        for line in range(top + 1, bottom):
            self._cells[line, column] = "│"
        self._cells[top, column] = "▲"

    def right(self, line: int, left: int, right: int) -> None:
        """An arrow from column `left` to column `right`."""
        self.text(line, left, "─" * (right - left) + "▶")

    def left(self, line: int, left: int, right: int) -> None:
        """An arrow from column `right` to column `left`."""
        self.text(line, left, "◀" + "─" * (right - left))

    def line(self, line: int, left: int, right: int) -> None:
        """A line without an arrow from column `left` to column `right`."""
        self.text(line, left, "─" * (right - left + 1))

    def around(self, top: int, bottom: int, *, left: int, column: int, right: int) -> None:
        """An arrow from line `top` to line `bottom`, down `column`; it begins at `left` and ends at `right`."""
        self.text(top, left, "─" * (column - left) + "┐")
        for line in range(top + 1, bottom):
            self._cells[line, column] = "┼" if self._cells.get((line, column)) == "─" else "│"
        self.text(bottom, column, "└")
        self.right(bottom, column + 1, right)

    def render(self) -> str:
        """All lines, without spaces at their ends."""
        height = max(line for line, _ in self._cells) + 1
        width = max(column for _, column in self._cells) + 1
        rows = ("".join(self._cells.get((line, column), " ") for column in range(width)) for line in range(height))
        return "\n".join(row.rstrip() for row in rows)
