"""What everybody may read of somebody's words: no name, no phone, no home; places and public numbers stay."""

import pytest

from linli.language import public_words


@pytest.mark.parametrize("said, gone", [
    ("我是3号楼502的周桂芳，电梯又坏了", ("502", "周桂芳")), ("３号楼５０２漏水", ("５０２", "502")), ("住3栋2单元1301室，电话13912345678", ("1301", "13912345678")),
    ("三号楼五零二的老太太", ("五零二",)), ("3-2-502楼上吵", ("502",)), ("十一号楼一单元三〇二", ("三〇二",)), ("我叫欧阳明月", ("欧阳", "明月")),
    ("隔壁王建国半夜唱歌", ("王建国",)), ("12号楼的302室老张家", ("302", "老张")), ("8栋1单元的602，王丽", ("602", "王丽")), ("我家302", ("302",)),
    ("身份证330102196001011234", ("330102196001011234",)), ("座机0571-87654321", ("87654321",)), ("微信zhou_123456", ("zhou_123456",)),
    ("@陈静 帮我看看", ("陈静",)), ("群里那个云朵姐姐知道", ("云朵姐姐",)),
])  # fmt: skip
def test_what_tells_who_and_where_is_gone(said, gone):
    told = public_words(said, ["云朵姐姐"])
    assert not [g for g in gone if g in told], told


@pytest.mark.parametrize("said", [
    "我们3号楼电梯坏了三天，给12345打过三次，修了300块钱，2026年还没好", "谢谢社区，方便居民，马上修好", "金桂苑东门白天没人，安全通道堵了",
])  # fmt: skip
def test_places_and_public_numbers_stay(said):
    assert public_words(said) == said


def test_who_answers_keeps_the_name():
    assert public_words("有事请找李敏，不要找王建国", kept=["李敏"]) == "有事请找李敏，不要找（姓名略）"
