"""Copied and exported chats: the ways people copy them, and that no word gets lost whatever they paste."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.channels.relay.parse import parse, read
from linli.kernel import clock

NOW = clock.Frozen(datetime(2026, 3, 2, 10)).at


def said(text: str, known: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    """(sender, local time, words) of each line."""
    return [
        (x.sender, clock.local(x.time).strftime("%m-%d %H:%M") if x.time else "", x.text)
        for x in read(text, known, NOW).lines
    ]


ZHOU = ("周阿姨", "03-02 09:05", "电梯坏了")
CHEN = ("陈师傅", "03-02 09:06", "我也是")
WAYS = {
    "PC, several picked": "周阿姨 2026/3/2 9:05:12\n电梯坏了\n\n陈师傅 2026/3/2 9:06:40\n我也是\n",
    "two blanks, clock only": "周阿姨  9:05\n电梯坏了\n\n陈师傅  9:06\n我也是",
    "without empty lines": "周阿姨  9:05\n电梯坏了\n陈师傅  9:06\n我也是",
    "Chinese date": "周阿姨 2026年3月2日 上午9:05\n电梯坏了\n陈师傅 2026年3月2日 上午9:06\n我也是",
    "month and day": "周阿姨 3月2日 9:05\n电梯坏了\n陈师傅 3月2日 9:06\n我也是",
    "today": "周阿姨 今天 9:05\n电梯坏了\n陈师傅 今天9:06\n我也是",
    "week day": "周阿姨 星期一 9:05\n电梯坏了\n陈师傅 周一 9:06\n我也是",
    "date first": "2026-03-02 09:05:12 周阿姨\n电梯坏了\n\n2026-03-02 09:06:12 陈师傅\n我也是",
    "bracketed export": "[2026-03-02 09:05:12] 周阿姨: 电梯坏了\n[2026-03-02 09:06:12] 陈师傅: 我也是",
    "time in brackets": "周阿姨 (2026-03-02 09:05:12): 电梯坏了\n陈师傅 (2026-03-02 09:06:12): 我也是",
    "account behind the name": "周阿姨(wxid_ab12) 2026-03-02 09:05:12\n电梯坏了\n陈师傅(wxid_cd34) 2026-03-02 09:06:12\n我也是",
    "full width": "周阿姨　９：０５\r\n电梯坏了\r\n\r\n陈师傅　９：０６\r\n我也是",
    "date between": "—————  2026-03-02  —————\n\n周阿姨  09:05\n\n电梯坏了\n\n陈师傅  09:06\n\n我也是",
    "mailed": "“周阿姨和陈师傅”的微信聊天记录如下：\n\n—————  2026-03-02  —————\n\n周阿姨  09:05\n\n电梯坏了\n\n陈师傅  09:06\n\n我也是",
    "old Mac line ends": "周阿姨 2026/3/2 9:05:12\r电梯坏了\r陈师傅 2026/3/2 9:06:40\r我也是",
    "byte order mark": "\ufeff周阿姨 2026/3/2 9:05:12\n电梯坏了\n陈师傅 2026/3/2 9:06:40\n我也是",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_each_way_of_copying_gives_the_same_lines(text):
    assert said(text) == [ZHOU, CHEN]


NAMED = [("周阿姨", "", "电梯坏了"), ("陈师傅", "", "我也是")]


@pytest.mark.parametrize(
    "text",
    [
        "周阿姨:\n电梯坏了\n\n陈师傅:\n我也是\n",
        "周阿姨：\n电梯坏了\n陈师傅：\n我也是\n",
        "群聊的聊天记录\n周阿姨: 电梯坏了\n陈师傅: 我也是",
        "周阿姨：电梯坏了\r\n陈师傅：我也是",
    ],
)
def test_names_with_a_colon_have_no_time(text):
    assert said(text) == NAMED


@pytest.mark.parametrize(
    "text",
    [
        "3号楼2单元电梯又坏了，老人下不去楼",
        "我家地址：3号楼2单元",
        "停水通知\n时间：明天9:00\n地点：3号楼\n请大家相互转告",
        "通知：明天停水",
        "明天上午 9:05",
        "请问：老年证怎么办",
        "https://example.org/a",
    ],
)
def test_a_bare_text_is_one_line_of_nobody(text):
    assert said(text) == [("", "", text)]


def test_one_forwarded_line_has_its_sender():
    assert said("周阿姨：3号楼电梯坏了") == [("周阿姨", "", "3号楼电梯坏了")]


def test_a_known_name_is_a_name_whatever_it_looks_like():
    assert said("快乐的一家人电话138：电梯坏了") == [("", "", "快乐的一家人电话138：电梯坏了")]
    assert said("快乐的一家人电话138：电梯坏了", frozenset({"快乐的一家人电话138"}))[0][0] == "快乐的一家人电话138"


def test_several_lines_and_labels_in_a_message_stay_in_it():
    text = "周阿姨 2026/3/2 9:05:12\n大家注意：\n地点：3号楼\n\n9:30 来人\n陈师傅 2026/3/2 9:06:00\n我也是"
    assert said(text) == [("周阿姨", "03-02 09:05", "大家注意：\n地点：3号楼\n\n9:30 来人"), CHEN]
    clocked = "周阿姨  9:05\n电梯坏了\n停水时间 9:30\n陈师傅  9:06\n我也是"
    assert [x[2] for x in said(clocked)] == ["电梯坏了\n停水时间 9:30", "我也是"]


def test_a_name_with_a_house_number():
    assert said("3-2-502 周阿姨 2026/3/2 9:05:12\n电梯坏了") == [("3-2-502 周阿姨", "03-02 09:05", "电梯坏了")]


@pytest.mark.parametrize(
    ("words", "kind", "photos"),
    [
        ("[图片]", "photo", 1), ("[图片][图片]", "photo", 2), ('[语音] 12"', "voice", 0), ("[语音]3秒", "voice", 0),
        ("[表情]", "sticker", 0), ("[文件] 停电通知.pdf", "file", 0), ("[视频]", "video", 0), ("看[图片]", "text", 1),
        ("[捂脸]又坏了", "text", 0),
    ],
)  # fmt: skip
def test_what_is_no_text(words, kind, photos):
    (line,) = parse(f"周阿姨 2026/3/2 9:05:12\n{words}")
    assert (line.text, line.kind, line.photos) == (words, kind, photos)


@pytest.mark.parametrize(
    "line",
    [
        "“陈师傅”撤回了一条消息", "你撤回了一条消息 重新编辑", "小明加入了群聊", "“周阿姨”邀请“小明”加入了群聊", "以下为新消息",
        '"小明"通过扫描"周阿姨"分享的二维码加入群聊', "周阿姨拍了拍小明", "周阿姨修改群名为“锦绣苑”", "————— 2026-03-02 —————",
    ],
)  # fmt: skip
def test_system_lines_are_nobody_s_words_and_are_named(line):
    reading = read(f"周阿姨 2026/3/2 9:05:12\n电梯坏了\n{line}\n陈师傅 2026/3/2 9:06:00\n我也是", now=NOW)
    assert [x.text for x in reading.lines] == ["电梯坏了", "我也是"]
    assert [x for x, _ in reading.left_out] == [line]


def test_right_below_a_name_stand_words_whatever_they_look_like():
    assert said("周阿姨 2026/3/2 9:05:12\n小明加入了群聊")[0][2] == "小明加入了群聊"
    assert said("周阿姨 2026/3/2 9:05:12\n请大家扫码加入群聊\n请大家扫码加入了群聊")[0][2].count("\n") == 1


@pytest.mark.parametrize("word", ["9:05", "3/5", "2026年3月2日", "昨天", "0/0"])
def test_a_time_in_somebody_s_words_is_a_word(word):
    assert said(f"周阿姨 2026/3/2 9:05:12\n几点来？\n{word}")[0][2] == f"几点来？\n{word}"
    assert said(f"周阿姨: 几点来？\n{word}\n陈师傅: 好的")[0][2] == f"几点来？\n{word}"
    assert said(f"{word}") == [("", "", word)]


def test_dates_between_messages_without_times():
    text = "2026年3月1日 21:05\n\n周阿姨:\n电梯坏了\n\n今天 9:06\n\n陈师傅:\n我也是"
    assert said(text) == [("周阿姨", "03-01 21:05", "电梯坏了"), CHEN]


def test_a_quote_is_kept_apart_from_the_answer():
    text = (
        "周阿姨 2026/3/2 9:05:12\n「陈师傅：「小刘：坏了」\n- - - - - - - - - -\n是啊」\n"
        "- - - - - - - - - - - - - - -\n同问"
    )
    (line,) = parse(text)
    assert line.text == "同问"
    assert "小刘：坏了" in line.quote


def test_quoted_names_are_no_senders():
    (line,) = parse("周阿姨:\n「陈师傅：坏了」\n—————————\n同问")
    assert (line.sender, line.text) == ("周阿姨", "同问")


@pytest.mark.parametrize(
    ("written", "then"),
    [
        ("昨天 21:05", "03-01 21:05"), ("星期五 9:05", "02-27 09:05"), ("12月30日 9:05", "12-30 09:05"),
        ("2026/3/1 下午3:05", "03-01 15:05"), ("2026/3/1 12:05 AM", "03-01 00:05"), ("23:05", "03-01 23:05"),
        ("2027/3/1 9:05", "03-02 10:00"), ("2026/2/30 9:05", ""),
    ],
)  # fmt: skip
def test_times_are_reckoned_from_now_and_never_lie_ahead(written, then):
    assert said(f"周阿姨 {written}\n电梯坏了")[0][1:] == (then, "电梯坏了")


NAMES = st.sampled_from(["周阿姨", "陈师傅", "小刘", "3-2-502 马老师", "A", "静静的湖水~"])
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters=":：「」『』-—_="), min_size=2, max_size=30
).filter(lambda s: s.strip() and not s.strip().isdigit())
MESSAGES = st.lists(st.tuples(NAMES, st.integers(0, 59), st.lists(WORDS, min_size=1, max_size=3)), min_size=1, max_size=8)
CALM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(MESSAGES, st.sampled_from(["{n} 2026/3/2 9:{m:02d}:07", "{n} 2026年3月2日 上午9:{m:02d}", "2026-03-02 09:{m:02d} {n}"]), st.booleans())
def test_what_was_written_is_read_back(messages, shape, gaps):
    blocks = ["\n".join([shape.format(n=name, m=minute), *words]) for name, minute, words in messages]
    lines = parse(("\n\n" if gaps else "\n").join(blocks))
    assert [(x.sender, clock.local(x.time).minute) for x in lines if x.time] == [(n, m) for n, m, _ in messages]
    read_back = [w for x in lines for w in x.text.split("\n")]
    assert read_back == [w for _, _, words in messages for w in words]


def accounted(text: str) -> None:
    """Every word of the paste stands in a line, a name, a quote or among what was left out."""
    reading = read(text, now=NOW)
    kept = "".join(f"{x.sender}{x.text}{x.quote}" for x in reading.lines) + "".join(x for x, _ in reading.left_out)
    for word in text.split():
        visible = word.strip("\ufeff")
        if visible in kept or not visible:
            continue
        # What is left is a header: a name that is a sender, and digits of a time.
        assert any(x.sender for x in reading.lines), word


@CALM
@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error_and_without_a_loss(text):
    accounted(text)


PIECES = st.sampled_from(
    ["周阿姨", "9:05", "2026/3/2 9:05", ":", "：", "\n", "\n\n", " ", "「", "」", "- - - - - -", "[图片]", "撤回了一条消息", "电梯坏了",
     "昨天", "加入了群聊", "————", "99:99", "2026/13/45 9:05", "\r\n", "\x00", "\ud800", "🙂"]
)  # fmt: skip


@CALM
@given(st.lists(PIECES, max_size=40).map("".join))
def test_chats_cut_to_pieces_are_read_without_an_error(text):
    reading = read(text, now=NOW)
    assert all(isinstance(x.text, str) for x in reading.lines)
    assert text.count("电梯坏了") == sum(
        f"{x.sender}{x.text}{x.quote}".count("电梯坏了") for x in reading.lines
    ) + sum(x.count("电梯坏了") for x, _ in reading.left_out)


def test_a_huge_paste_is_read_quickly():
    lines = parse("".join(f"周阿姨{n % 7} 2026/3/2 9:{n % 60:02d}:07\n电梯坏了 {n}\n\n" for n in range(2000)))
    assert len(lines) == 2000
    assert len(parse("坏" * 200_000)) == 1
    assert len(parse(("a b " * 50 + "\n") * 400)) == 1
