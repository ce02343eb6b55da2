"""A document → finished pages in millimetres: heading, strips stacked and parted over pages, foot with page x of y.

Pure: what the font needs comes in as a ``Measure``. Every copy is a run of pages of its own, numbered by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from desk.documents.digest import check_code
from desk.documents.document import Align, Block, Copy, Document, Fields, Signatures, Table
from desk.domain.procedure_kinds import Text
from ui.paper.blocks import strips_of
from ui.paper.marks import Marks
from ui.paper.sheet import HEIGHT, Ink, Measure, Paper, Placed, PlacedLine, PlacedText, Sheet, Watermark
from ui.paper.strips import FRAME, HAIR, PITCH, Setter, Strip, Style

LEFT, RIGHT, TOP, BOTTOM = 15.0, 18.0, 11.0, 8.0
BLOCK_GAP, HEADING_GAP = 2.6, 2.6
INSTITUTION = Style(3.1, 2.4, Ink.FORM)
NUMBER = Style(3.6, 3.6, Ink.MARK, Align.RIGHT)
TITLE_SIZE, TITLE_SPACING, TITLE_ENGLISH = 6.4, 1.6, 3.0
SMALL = Style(2.1, 2.0, Ink.FORM)
REPRINT = Style(3.0, 2.6, Ink.MARK)
COPY_SIZE, COPY_ENGLISH = 2.9, 2.2
WATERMARK_SIZE = 17.0
GRID = Fields | Table


def lay_out(document: Document, marks: Marks, measure: Measure) -> Paper:
    """All copies of the document, page by page."""
    width, height = document.sheet.value
    if document.landscape:
        width, height = height, width
    draft = _Draft(document, marks, Setter(measure, document.bilingual), float(width), float(height))
    sheets = [sheet for copy in document.copies for sheet in draft.pages(copy)]
    return Paper(draft.width, draft.height, tuple(sheets))


@dataclass(frozen=True)
class _Draft:
    """One document on its sheet."""

    document: Document
    marks: Marks
    setter: Setter
    width: float
    height: float

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - LEFT - RIGHT

    def pages(self, copy: Copy) -> Iterator[Sheet]:
        foot = self._foot()
        bottom = self.height - BOTTOM - foot.height - 1.5
        runs = stacked(self._strips(), self._first_top(), self._later_top(), bottom)
        for at, placed in enumerate(runs, 1):
            heading = self._heading() if at == 1 else self._short_heading()
            page = (
                *heading.at(LEFT, TOP),
                *(one.moved(LEFT, 0) for one in placed),
                *foot.at(LEFT, self.height - BOTTOM - foot.height),
                self._page_of(at, len(runs), self.height - BOTTOM - foot.height),
                *self._copy_mark(copy),
            )
            yield Sheet(page, self._watermark())

    # --- the middle ------------------------------------------------------------------------------------------------

    def _strips(self) -> list[Strip]:
        found: list[Strip] = []
        before: Block | None = None
        for block in self.document.blocks:
            strips = strips_of(block, self.room, self.setter, self.marks)
            gap = 0.0 if before is None or _joined(before, block) else BLOCK_GAP
            if found and strips and isinstance(block, Signatures):
                found[-1] = found[-1].kept()  # nobody signs on a page with nothing on it
            if before is not None and isinstance(before, GRID) and not isinstance(block, GRID):
                found[-1] = _edged(found[-1], found[-1].height)
            if isinstance(block, GRID) and not (before is not None and isinstance(before, GRID)):
                strips[0] = _edged(strips[0], 0.0)
            found += [strips[0].with_gap(gap), *strips[1:]] if strips else []
            before = block
        return found

    # --- above -----------------------------------------------------------------------------------------------------

    def _first_top(self) -> float:
        return TOP + self._heading().height + HEADING_GAP

    def _later_top(self) -> float:
        return TOP + self._short_heading().height + HEADING_GAP

    def _heading(self) -> Strip:
        """Institution at the left, number at the right, the title below in the middle over a double line."""
        number = self._number(0)
        room = self.room - number.width - self._number_label(number).width - 8
        placed: list[Placed] = [number, self._number_label(number)]
        texts, top = self.setter.both(self.document.institution, 0, 0, room, INSTITUTION)
        placed += texts
        top = max(top, NUMBER.size * 1.5)
        if self.document.reprint:
            texts, top = self._reprint(top)
            placed += texts
        top += 0.6
        size, spacing = self._title_size()
        wide = self.setter.measure.width(self.document.title.zh, size, spacing)
        left = (self.room - wide) / 2
        placed.append(PlacedText(self.document.title.zh, left, top, wide, size, Ink.FORM, spacing))
        top += size * HEIGHT + 0.7
        reach = min(6.0, left)
        ends = left - reach, left + wide + reach
        placed += [
            PlacedLine(ends[0], at, ends[1], at, weight) for at, weight in ((top, FRAME), (top + 0.8, HAIR))
        ]
        top += 0.8
        if self.document.bilingual:
            english = Style(TITLE_ENGLISH, TITLE_ENGLISH, Ink.FORM, Align.CENTRE)
            texts, top = self.setter.lines(self.document.title.en, 0, top + 0.8, self.room, english)
            placed += texts
        return Strip(top, tuple(placed))

    def _title_size(self) -> tuple[float, float]:
        """The title's size and spacing, drawn in where the sheet is narrow."""
        wide = self.setter.measure.width(self.document.title.zh, TITLE_SIZE, TITLE_SPACING)
        part = min(1.0, (self.room - 12) / wide)
        return TITLE_SIZE * part, TITLE_SPACING * part

    def _short_heading(self) -> Strip:
        """What a further page begins with: title (continued), number, and the reprint's mark."""
        title, mark = self.document.title, self.marks.continued
        words = Text(title.zh + mark.zh, f"{title.en} {mark.en}")
        number = self._number(0)
        room = self.room - number.width - self._number_label(number).width - 8
        texts, top = self.setter.both(words, 0, 0, room, INSTITUTION)
        placed: list[Placed] = [number, self._number_label(number), *texts]
        top = max(top, NUMBER.size * 1.5)
        if self.document.reprint:
            texts, top = self._reprint(top)
            placed += texts
        return Strip(top, (*placed, PlacedLine(0, top, self.room, top, FRAME)))

    def _number(self, top: float) -> PlacedText:
        return self.setter.line(self.document.number, 0, top, self.room, NUMBER)

    def _number_label(self, number: PlacedText) -> PlacedText:
        mark = self.marks.number
        label = f"{mark.zh} {mark.en}" if self.document.bilingual else mark.zh
        style = Style(2.7, 2.7, Ink.FORM, Align.RIGHT)
        return self.setter.line(label, 0, number.top + 0.8, number.left - 1.6, style)

    def _reprint(self, top: float) -> tuple[list[PlacedText], float]:
        count = self.document.reprint
        words = Text(self.marks.reprint.zh.format(count=count), self.marks.reprint.en.format(count=count))
        shown = f"【{words.zh} {words.en}】"  # both languages always: a copy must not pass for the first one
        return self.setter.lines(shown, 0, top, self.room, REPRINT)

    # --- below and beside --------------------------------------------------------------------------------------------

    def _foot(self) -> Strip:
        """Sources, the check code and which text prevails."""
        told = self.marks.sources
        zh = told.zh + "；".join(one.citation.zh for one in self.document.sources)
        en = told.en + "; ".join(one.citation.en for one in self.document.sources)
        en += f". {self.marks.legal_text.en}"
        texts, top = self.setter.both(Text(zh, en), 0, 1.0, self.room - 62, SMALL)
        mark = self.marks.check_code
        words = f"{mark.zh} {mark.en} " if self.document.bilingual else f"{mark.zh} "
        right = replace(SMALL, align=Align.RIGHT)
        code = self.setter.line(words + check_code(self.document), 0, 1.0 + 2.3 * PITCH, self.room, right)
        return Strip(max(top, code.bottom), (PlacedLine(0, 0, self.room, 0, HAIR), code, *texts))

    def _page_of(self, page: int, pages: int, top: float) -> PlacedText:
        zh, en = (one.format(page=page, pages=pages) for one in (self.marks.page.zh, self.marks.page.en))
        words = f"{zh}  {en}" if self.document.bilingual else zh
        style = replace(SMALL, size=2.3, align=Align.RIGHT)
        return self.setter.line(words, LEFT, top + 1.0, self.room, style)

    def _copy_mark(self, copy: Copy) -> Iterator[PlacedText]:
        """Down the right edge, as multi-part forms have it: Chinese upright, English turned beside it."""
        left, top = self.width - RIGHT + 3.6, TOP + 20.0
        for char in copy.title.zh:
            if not char.isspace():
                style = Style(COPY_SIZE, COPY_SIZE, Ink.FORM, Align.CENTRE)
                yield self.setter.line(char, left, top, COPY_SIZE, style)
            top += COPY_SIZE * (0.7 if char.isspace() else 1.25)
        if self.document.bilingual:
            wide = self.setter.width(copy.title.en, COPY_ENGLISH)
            yield PlacedText(copy.title.en, left + 5.0, TOP + 20.0, wide, COPY_ENGLISH, Ink.FORM, turned=True)

    def _watermark(self) -> Watermark | None:
        if not self.document.training:
            return None
        return Watermark((self.marks.training.zh, self.marks.training.en), WATERMARK_SIZE)


def _joined(above: Block, below: Block) -> bool:
    """Grids and tables stand in one frame."""
    return isinstance(above, GRID) and isinstance(below, GRID)


def _edged(strip: Strip, at: float) -> Strip:
    """With the frame's heavy line across, at the top of its first strip or the bottom of its last."""
    wide = max(one.right for one in strip.placed if isinstance(one, PlacedLine))
    return replace(strip, placed=(*strip.placed, PlacedLine(0, at, wide, at, FRAME)))


# --- pages -----------------------------------------------------------------------------------------------------------


def stacked(strips: list[Strip], first_top: float, later_top: float, bottom: float) -> list[list[Placed]]:
    """The strips on as many pages as they need. Kept strips move together, unless no page is tall enough for them."""
    pages: list[list[Placed]] = [[]]
    top = first_top
    for unit in _units(strips, bottom - later_top):
        tall = sum(one.gap + one.height for one in unit)
        if pages[-1] and top + tall > bottom:
            pages.append([])
            top, head = later_top, unit[0].head
            if head is not None:
                pages[-1] += head.at(0, top)
                top += head.height
        for one in unit:
            top += one.gap if pages[-1] else 0.0
            pages[-1] += one.at(0, top)
            top += one.height
    return pages


def _units(strips: list[Strip], room: float) -> Iterator[list[Strip]]:
    unit: list[Strip] = []
    for strip in strips:
        unit.append(strip)
        if strip.keep:
            continue
        yield from [unit] if sum(one.gap + one.height for one in unit) <= room else [[one] for one in unit]
        unit = []
    if unit:
        yield unit
