"""Where the columns of a trend stand. Pure arithmetic: the drawing is a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 100.0
STEP = 10.0


@dataclass(frozen=True, slots=True)
class Column:
    """One day: its figure and where its rectangle stands."""

    day: date
    value: int
    x: float
    y: float
    height: float
    rest: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns from left to right; `top` is the greatest value, `said` the sentence for who does not look."""

    columns: list[Column]
    width: float
    top: int
    total: int
    said: str

    @property
    def marks(self) -> list[date]:
        """The days that are written below: first, middle, last."""
        days = [c.day for c in self.columns]
        return [days[0], days[len(days) // 2], days[-1]] if len(days) > 2 else days


def columns(values: Sequence[tuple[date, int]]) -> Chart:
    """A column per day, scaled from nought to the greatest; Saturdays and Sundays are drawn lighter."""
    top = max([v for _, v in values] + [1])
    found = [
        Column(day, v, round(n * STEP + 1, 1), round(HEIGHT - v / top * HEIGHT, 1), round(v / top * HEIGHT, 1), day.weekday() > 4)
        for n, (day, v) in enumerate(values)
    ]
    total = sum(v for _, v in values)
    best = max(values, key=lambda pair: pair[1], default=None)
    said = f"共 {total} 件"
    if best and best[1] > 1:
        said += f"，最多的一天是{best[0].month}月{best[0].day}日，{best[1]} 件"
    return Chart(found, len(values) * STEP, top, total, said)


def bars(values: Sequence[tuple[date, int]]) -> Chart:
    """A column per week, scaled from nought to the greatest; `day` is the week's first."""
    top = max([v for _, v in values] + [1])
    found = [
        Column(day, v, round(n * STEP + 1, 1), round(HEIGHT - v / top * HEIGHT, 1), round(v / top * HEIGHT, 1), False)
        for n, (day, v) in enumerate(values)
    ]
    best = max(values, key=lambda pair: pair[1], default=None)
    said = f"最热的一周从{best[0].month}月{best[0].day}日起，{best[1]} 人" if best else ""
    return Chart(found, len(values) * STEP, top, sum(v for _, v in values), said)
