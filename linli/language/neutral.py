"""A question without the person who asked it: for a department that has to answer and must not know who asked.

What can be generalised is (a number, a home, who in the family); where more is told than that, nothing comes back and a
person has to say it in other words. Better one question too many for a person than one person too many in a queue.
"""

import re
from collections.abc import Iterable

import rjieba

from linli.language.signals import PHONE
from linli.language.text import normalise

LONGEST = 80
"""Who writes more than this tells a story, and a story tells who she is."""

_SURNAMES = "王李张刘陈杨赵吴周徐孙马朱胡郭何罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱侯薛闫尹"
_TITLES = "阿姨|大爷|大妈|大娘|大叔|奶奶|爷爷|叔叔|师傅|先生|女士|老师|书记|主任|医生|大夫|经理|姐|哥|嫂|婶|伯伯"
_NAMED = re.compile(
    rf"[{_SURNAMES}](?:某某?|[\u4e00-\u9fff]{{0,2}})(?:{_TITLES})|[老小阿][{_SURNAMES}](?![\u4e00-\u9fff]?[区学高])"
    rf"|(?:叫|姓|名字是|本人是?)\s*[{_SURNAMES}]|@\S|微信号?[:是]|qq|身份证号?(?:码)?[是:为]?\s*\d|车牌号?[是:为]"
)
_CALM = re.compile(r"(?:1[0-2]\d|12\d{3}|1[12]\d|9\d{4}|20[0-4]\d)(?!\d)")
"""Public numbers (110, 120, 12345, 95598) and years are nobody's."""
_ROOM = re.compile(
    r"(?:\d{1,3}(?:号楼|栋|幢|座)\s*(?:\d{1,2}单元)?|\d{1,2}单元)\s*\d{3,4}(?:室|户|号房|房间)?|(?<!\d)\d{3,4}(?:室|户(?!口)|号房|房间)"
)
_HOUSE = re.compile(r"(?:[A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|号院|栋|幢|座|单元|号门)+(?:\d{1,2}层)?")
_MINE = r"(?:我们?|俺们?|咱们?)(?:家)?(?:里)?(?:的)?"
_FAMILY = (
    (re.compile(_MINE + "(?:儿子|女儿|孙子|孙女|外孙女?|孩子|小孩|娃娃?|宝宝)"), "孩子"),
    (re.compile(_MINE + "(?:爸妈|父母|爸爸?|妈妈?|父亲|母亲|公公|婆婆|岳父|岳母|爷爷|奶奶|外公|外婆|姥姥|姥爷|老人家?|老头子?|老太太?)"), "老人"),
    (re.compile(_MINE + "(?:老公|老婆|老伴|丈夫|妻子|爱人|儿媳妇?|女婿|哥哥?|姐姐?|弟弟?|妹妹?|亲戚)"), "家里人"),
)  # fmt: skip
_HOME = re.compile(r"(?:我们?|俺们?|咱们?)家(?:里)?")
_ILL = re.compile(r"尿毒症|癌|艾滋|肝炎|精神病|抑郁|自杀|流产|家暴|离婚|坐牢|刑满|吸毒|欠债|借高利贷")
_DIGITS = re.compile(r"(?<!\d)\d{3,}(?!\d)(?!元|块|平|米|天|年|月|岁|人|万|%|度|吨|公里|路|分)")


def neutral(text: str) -> str:
    """The question without telling words; "" when only a person can say it without them, or when it is no short one."""
    said = normalise(text)
    if not said or len(said) > LONGEST or _NAMED.search(said) or _ILL.search(said):
        return ""
    said = PHONE.sub("", _CALM.sub(lambda m: m[0].translate(_HIDE), said)).translate(_SHOW)
    said = _ROOM.sub("某户", said)
    said = _HOUSE.sub("某栋楼", said)
    for who, plain in _FAMILY:
        said = who.sub(plain, said)
    said = _HOME.sub("家里", said)
    left = _CALM.sub("", said)
    return "" if _DIGITS.search(left) or len(re.sub(r"\W|某户|某栋楼|家里人", "", said)) < 4 else said.strip()


_RESIDENT = re.compile(
    rf"[{_SURNAMES}](?:某某?|[\u4e00-\u9fff]{{0,2}}?)(?:阿姨|大爷|大妈|大娘|大叔|奶奶|爷爷|叔叔|先生|女士|大姐|大哥|大嫂|婶|伯伯)"
)
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def without_people(text: str, names: Iterable[str] = (), called: str = "诉求人") -> str:
    """What a colleague wrote, for a reader outside: numbers of phones and of identity cards, homes, residents called by name
    (and those of `names`, who are `called`) taken out; everything else stays as it was written."""
    said = text
    for name in sorted({n.strip() for n in names if len(n.strip()) > 1}, key=len, reverse=True):
        said = said.replace(name, called)
    said = _ID.sub("（证件号略）", said)
    said = PHONE.sub(lambda m: m[0].replace(next(g for g in m.groups() if g), "（电话略）"), said)
    return _RESIDENT.sub("居民", _ROOM.sub("某户", said))


# While numbers of homes are taken out, public numbers stand in other characters.
_HIDE = {ord(str(n)): 0xE000 + n for n in range(10)}
_SHOW = {0xE000 + n: ord(str(n)) for n in range(10)}


_FULL_NAME = re.compile(rf"(?:[{_SURNAMES}]|欧阳|上官|司马|诸葛|阿)[\u4e00-\u9fff]{{1,3}}")


def names_somebody(text: str) -> bool:
    """Does a word look like somebody's name? Stricter than `neutral`, which lets a bare name of no title pass: what is kept
    for years or leaves the house goes through both."""
    return any(speech == "nr" and _FULL_NAME.fullmatch(word) for word, speech in rjieba.tag(normalise(text)))


_WIDE = {0xFF10 + n: str(n) for n in range(10)}
_DOOR = re.compile(
    r"(?:[A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座|单元|[#＃])\s*(?:\d{1,2}单元|[一二三四五六七八九十]单元)?[的，,、\s]*"
    r"(?:\d{3,4}(?!\d)|[一二三四五六七八九〇零十两]{3,5})(?:室|户(?!口)|号房|房间)?"
    r"|(?<![\d.-])\d{1,3}[-－—]\d{1,2}[-－—]\d{3,4}(?!\d)|(?<![\d.-])\d{1,3}[-－—]\d{3,4}(?!\d)"
    r"|[一二三四五六七八九〇零两]{3,4}(?:室|户(?!口)|号房|房间)"
)
_CALLED = re.compile(rf"(我(?:是|叫)|本人(?:是|叫)?|名叫|姓名(?:是|[:：])?|名字(?:是|叫)?|@)\s*(?:(?:欧阳|上官|司马|诸葛)[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})")
_BY_AGE = re.compile(rf"[老小阿][{_SURNAMES}](?=家|说|的|他|她|\W|$)")
_ACCOUNT = re.compile(r"((?:微信|QQ|qq|车牌)号?码?[:：是为]?\s*)[\u4e00-\u9fff]?[A-Za-z0-9_·-]{5,}")
_THANKS = frozenset({"谢谢", "安全", "方便", "高兴"})
NAMELESS = "（姓名略）"


def public_words(text: str, names: Iterable[str] = (), kept: Iterable[str] = ()) -> str:
    """What was written, as everybody may read it: no name (of `names`, of whoever is called by one, of what looks like one; but
    `kept`), no phone or other long number, no home. Rather a word too few than a neighbour's door; a person puts it right."""
    said = _DOOR.sub("某户", text.translate(_WIDE))
    said = without_people(said, names, NAMELESS)
    said = _CALLED.sub(lambda m: f"{m[1]}{NAMELESS}", _ACCOUNT.sub(lambda m: f"{m[1]}＊＊＊", said))
    named = {w for w, speech in rjieba.tag(said) if speech == "nr"} - _THANKS - set(kept)
    found = {w for w in named if _FULL_NAME.fullmatch(w)} | set(_BY_AGE.findall(said))
    for name in sorted(found, key=len, reverse=True):
        said = said.replace(name, NAMELESS)
    said = _DIGITS.sub("＊＊＊", _CALM.sub(lambda m: m[0].translate(_HIDE), said)).translate(_SHOW)
    return re.sub(rf"(?:{NAMELESS}){{2,}}", NAMELESS, said)
