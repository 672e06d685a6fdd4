"""One matter or two: words and place and time."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.language import Matter, same_matter, understand
from tests.language.cast import JINXIU, YINHE

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


def matter(text, after=0.0, gazetteer=JINXIU):
    u = understand(text, gazetteer)
    return Matter(text, u.thing, u.kind, u.place, u.tokens, NOON + timedelta(hours=after))


LIFT = "3号楼2单元电梯又坏了，老人下不去楼"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("电梯还没修好吗，2单元的", "same"),
        ("3栋二单元电梯停了", "same"),
        ("3号楼电梯不动了", "same"),
        ("我们这栋电梯又停了", "same"),
        ("5号楼2单元电梯又坏了，老人下不去楼", "different"),
        ("3号楼1单元电梯坏了", "different"),
        ("3号楼2单元垃圾没人收", "different"),
        ("3号楼2单元楼道灯不亮", "different"),
        ("电梯还没修好吗", "unsure"),
        ("垃圾还没清吗", "different"),
    ],
)
def test_the_lift_in_building_three(text, verdict):
    assert same_matter(matter(text, after=1), matter(LIFT)) == verdict


def test_near_identical_words_from_two_estates_are_two_matters():
    one = matter("A座电梯坏了三天没人修", gazetteer=YINHE)
    other = matter("B座电梯坏了三天没人修", gazetteer=YINHE)
    assert same_matter(one, other) == "different"


def test_after_weeks_it_is_asked():
    assert same_matter(matter("3号楼2单元电梯坏了", after=24 * 20), matter(LIFT)) == "unsure"


def test_two_homes_may_be_two_leaks():
    assert same_matter(matter("3号楼2单元501漏水"), matter("3号楼2单元301漏水")) == "unsure"


def test_roads_and_landmarks():
    assert same_matter(matter("锦绣路路灯不亮"), matter("锦绣路的路灯全灭了")) == "same"
    assert same_matter(matter("锦绣路路灯不亮"), matter("凤凰西街路灯不亮")) == "different"
    assert same_matter(matter("南门垃圾房太臭了"), matter("垃圾房那边臭死了")) in ("same", "unsure")


def test_nothing_in_common():
    assert same_matter(Matter(""), Matter("")) == "different"
