"""Whose turn it is to speak: 小栖 does not talk over people. A question that names a neighbour is hers to answer, and one that
somebody has answered already needs no second answer."""

import re
from datetime import timedelta

from linli.assistant.desk import Desk
from linli.groups.models import Message
from linli.language import Understanding
from linli.language.signals import ASKING

AT_ONCE = timedelta(minutes=5)
"""So long after a question, what others say is taken for its answer."""
SHORTEST = 4
CALLED = re.compile(r"^\s*(?:[@＠]\s*([\w·]{1,16}?)(?=[\s，,：:、]|你|您|$)|([\u4e00-\u9fff\w·]{2,8}?)(?:[，,：:、]|\s+)(?=.{4}))")
KIN = ("姐", "哥", "嫂", "叔", "姨", "婶", "伯", "妈", "爷", "奶奶", "爷爷", "阿姨")
"""What a neighbour is called after her surname: 陈姐, 王阿姨."""
NO_NEIGHBOUR = re.compile("小栖|所有人|大家|全体|各位|all|物业|社区|居委|街道|管家|客服|网格|社工|书记|主任|群主")
UNKNOWING = re.compile("不知道|不清楚|不晓得|没听说|同问|[我俺]也想|谁知道|问问|等(?:人|答)")
TELLS = re.compile("(?:[去到找打拨带拿交]|要先)[\\w]{2,}|[一二三四五六七八九十\\d][点块元天]|不用|不行|就行|网上|取消")


def to_a_neighbour(desk: Desk, message: Message) -> bool:
    """Does the question begin with a neighbour's name (@老陈, 陈姐，…)?"""
    found = CALLED.match(message.text)
    name = (found[1] or found[2] or "") if found else ""
    if not found or not name or NO_NEIGHBOUR.search(name):
        return False
    if found[1]:
        return True
    others = [n for i, n in desk.nicknames(message.group_id).items() if i != message.member_id]
    surname = name[1:2] if name[0] in "老小" else name[0] if name.endswith(KIN) else ""
    return any(n.startswith(name) or surname and n.startswith(surname) for n in others)


def left_to_people(desk: Desk, message: Message, u: Understanding) -> bool:
    """Has a colleague or a neighbour answered this question in the words that came right after, before 小栖 has read them; or is
    it such an answer itself?"""
    if message.id in desk.answers:
        return True
    after = [(m, said) for m, said in desk.heard if m.group_id == message.group_id and message.id < m.id]
    for other, said in after:
        if other.sent_at - message.sent_at > AT_ONCE:
            return False
        if other.member_id not in (None, message.member_id) and _tells(other.text.strip(), said, u):
            desk.answers.add(other.id)
            return True
    return False


def _tells(text: str, said: Understanding, asked: Understanding) -> bool:
    if len(text) < SHORTEST or said.intent not in ("small_talk", "question") or ASKING.search(text) or UNKNOWING.search(text):
        return False
    return bool(set(said.tokens) & set(asked.tokens) or TELLS.search(text))
