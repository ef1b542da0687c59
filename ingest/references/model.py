"""The nouns of references: a place in a document that points to another document, or to another place of its own."""

from dataclasses import dataclass

LEVELS = ("附件", "编", "分编", "章", "节", "部分", "条", "款", "项", "目")
"""What a place is named by, outermost first."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards a place: 第十二条 is ("条", 12, 12), 第五条至第八条 ("条", 5, 8), 第三条之一 ("条", 3, 3, 1)."""

    level: str
    first: int
    last: int
    sub: int = 0

    def __str__(self) -> str:
        if self.level == "附件":
            return f"附件{self.first}" if self.first else "附件"
        sub = f"之{numeral(self.sub)}" if self.sub else ""
        through = f"至第{numeral(self.last)}{self.level}" if self.last != self.first else ""
        return f"第{numeral(self.first)}{self.level}{sub}{through}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as it is printed, `text[start:end]`; which document is meant is for the library to say.

    One without `titles` and `number` is to the document itself.
    """

    start: int
    end: int
    titles: tuple[str, ...] = ()
    """What the document is called. Where it is named without marks, what may be its name, longest first: the name
    begins that much later than `start`."""
    number: str = ""
    """文号"""
    date: str = ""
    """The day, month or year (ISO) of the version meant, where the text says it."""
    place: tuple[Step, ...] = ()
    """Where in that document, outermost first."""
    found: tuple[int, int] | None = None
    """Where that is, for a reference to the document itself."""
    is_marked: bool = True
    """Whether the document is named in marks or by its number, or the reference is to the document itself."""

    @property
    def is_own(self) -> bool:
        """Whether it is to the document itself."""
        return not self.titles and not self.number


def numeral(number: int) -> str:
    """A number from 0 to 9999 in Chinese numerals as articles are numbered: 12 → 十二, 305 → 三百零五."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number < 20:
        return "十" + (digits[number - 10] if number > 10 else "")
    size, unit = next((size, unit) for size, unit in ((1000, "千"), (100, "百"), (10, "十")) if number >= size)
    head, rest = divmod(number, size)
    gap = "零" if rest and rest < size // 10 else ""
    tail = ("一" if 10 <= rest < 20 else "") + numeral(rest) if rest else ""
    return digits[head] + unit + gap + tail
