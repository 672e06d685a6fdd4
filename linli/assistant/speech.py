"""What 小栖 says: short, warm, one person and one honest hour in each sentence. It never promises that a lift runs in two
hours, never names a resident but the one addressed, and never says "请发文字". Pure functions of labels and times."""

from datetime import datetime

from linli.kernel import clock

MACHINE = "我是社区机器人小栖，不是真人。能答的我马上答，要人办的我转给值班的同志。说“人工”，就由人来回您。"
MUTED = "好的，我先不在群里说话了。大家说的事照样有人办，结果会到各人的“我的事”里。想叫我回来，说一声“小栖说话”。"
UNMUTED = "我回来了。大家有事照常说。"
PHOTO = "收到您的照片。是有事要反映吗？"
SAME = "是同一件事吗？邻居已经反映过：{matter}。"
ANSWERS = "要把您刚才这句当作“{matter}”的答复吗？是的话就不用再写一遍。只有您看得到这一句。"
ANSWERS_YES, ANSWERS_NO = "是，就是答复", "不是"
HELLO = "我在。想问怎么办事就直接问，有事要反映说一句就行；要找真人说“人工”。"
WHERE = "具体在哪儿？比如几号楼几单元，方便的话说一声。"
CLOSE = "您想问的是哪一个？"
PERHAPS = "要我把您说的转给社工吗？只有您看得到这一句。"
PERHAPS_YES, PERHAPS_NO = "要，转给社工", "不用"
SAME_YES, SAME_NO = "是同一件", "不是，另一件"
PHOTO_YES, PHOTO_NO = "有事反映", "只是分享"


def hour(at: datetime, now: datetime) -> str:
    """An honest hour as people say it: 今天 10:40, 明天 9:05, 11月3日 10:40. The day is always said: a group is read the next morning too."""
    local, today = clock.local(at), clock.local_day(now)
    text = f"{local.hour}:{local.minute:02d}"
    near = {0: "今天 ", 1: "明天 ", -1: "昨天 "}.get((local.date() - today).days, f"{local.month}月{local.day}日 ")
    return f"{near}{text}"


def greet(name: str) -> str:
    """Address the one who spoke, when we know what to call her."""
    return f"{name}，" if name else ""


def heard(name: str, person: str, via: str, until: str, *, where: bool = False) -> str:
    """The acknowledgement of an appeal. It is no answer: a person answers by that hour. where: ask in which building it is."""
    who = {"roster": "正在值班", "duty": "正在值班", "gap": "先接着"}.get(via, "来办")
    return f"{greet(name)}听到了。{person}{who}，{until} 前给您答复。{WHERE if where else ''}"


def placed(name: str, place: str, person: str, until: str) -> str:
    """Where it is was said after the matter."""
    return f"{greet(name)}知道了，在{place}。{f'{person}来办，{until} 前给您答复。' if until else '记进去了。'}"


def heard_many(name: str, count: int, person: str, until: str) -> str:
    """One message, several matters."""
    return f"{greet(name)}听到了，{count} 件事都分开记下了。{person}来办，{until} 前给您答复。"


def heard_urgent(name: str, person: str, until: str) -> str:
    """Somebody is stuck or cannot get out: say that it is marked urgent, without promising."""
    return f"{greet(name)}听到了，这事急，已经马上通知{person}。最晚 {until} 前给您答复。"


def heard_emergency(name: str, person: str) -> str:
    """Fire, gas, somebody hurt: the public numbers first."""
    return f"{greet(name)}请先保证人身安全，着火打 119，有人受伤打 120，报警打 110！社区这边已经马上通知{person}。"


def heard_danger(name: str, person: str) -> str:
    """Somebody wants to die or hurts herself: to the speaker alone. Lines that answer at any hour, and that a person comes."""
    return (
        f"{greet(name)}您说的我放在心上了，已经请{person}马上联系您。想现在就找人说说话，打 12356（心理援助热线）；"
        "人已经有危险，打 120 或 110。要是您身边的人这样，请先陪着，别留一个人待着。这些话只有您看得到，不会在群里说。"
    )


def heard_private(name: str, until: str) -> str:
    """A sensitive matter: to the speaker alone, no detail repeated."""
    return f"{greet(name)}您说的情况收到了，只有专门负责的同志能看到，不会在群里说。{until} 前私下答复您。请注意自身安全，紧急时打 110。"


def awaited(due: datetime | None, now: datetime) -> str:
    """When an answer comes; of a promise that was missed, that it was missed and who knows of it. "" when none is owed."""
    if due is None:
        return ""
    if due > now:
        return f"{hour(due, now)} 前会有答复"
    return f"本来说好 {hour(due, now)} 前答复，超时了，对不住，已经报给社区书记"


def joined(name: str, matter: str, due: datetime | None, now: datetime) -> str:
    """A second voice: told so, without who spoke first."""
    tail = awaited(due, now)
    return f"{greet(name)}邻居也说了这件事（{matter}），给您一起记上了。{f'{tail}，' if tail else ''}有结果一起告诉您。"


def split(name: str, matter: str, person: str, until: str) -> str:
    """She said that hers is another matter than the neighbour's."""
    return f"{greet(name)}明白了，不是一件事，给您单独记下（{matter}）。{person}来办，{until} 前给您答复。"


def standing(name: str, matter: str, plain: str, person: str, due: datetime | None, now: datetime) -> str:
    """How one's own matter stands."""
    tail = awaited(due, now)
    return f"{greet(name)}您说的“{matter}”{plain}，{person}在办{f'，{tail}' if tail else ''}。您刚才的话也记进去了。"


def final(name: str, matter: str) -> str:
    """Said again after the final letter: kept, and where to go next."""
    return (
        f"{greet(name)}“{matter}”复核后已经给过最终答复，在“我的事”里。您刚才的话一字不少记进了原单，不再重新计时。"
        "不同意的，可以按最终答复里写的去处再提；有新的情况，请说清是什么时候、在哪里新出的，我们另行受理。"
    )


def gathered(name: str, person: str) -> str:
    """More of one speaker than the orders of a day."""
    return f"{greet(name)}今天您说的事多，后面的都一字不少记在一起，{person}一起看、逐件回您。特别急的，请直接打社区电话；有危险打 110、119、120。"


def done(name: str, matter: str) -> str:
    """She asks about her matter, and its result stands already."""
    return f"{greet(name)}“{matter}”有结果了，在“我的事”里。要是还没解决，回我一句“还没解决”，马上重新办。"


def added(name: str, matter: str) -> str:
    """More words to one's own matter."""
    return f"{greet(name)}补充的情况记进“{matter}”了。"


def handed(name: str, person: str, until: str) -> str:
    """What the knowledge base does not know."""
    return f"{greet(name)}这个我说不准，不敢乱答，已经请{person}回您，{until} 前答复。"


def person_called(name: str, person: str, until: str) -> str:
    """「人工」."""
    return f"{greet(name)}好的，已经请{person}来回您，{until} 前答复。急事也可以直接打社区电话。"


def listened(name: str, person: str, until: str) -> str:
    """A voice message: it is played to a person."""
    return f"{greet(name)}语音收到了，{person}会亲自听，{until} 前给您答复。"


def looked(name: str, person: str, until: str) -> str:
    """A photo alone."""
    return f"{greet(name)}照片收到了，{person}会看，{until} 前给您答复。"


def rated(name: str, rating: str) -> str:
    """A rating said in words."""
    if rating == "unsolved":
        return f"{greet(name)}明白了，还没解决。这件事马上重新办，不用您再说一遍。"
    return f"{greet(name)}谢谢您告诉我们。"


def answer(text: str, source: str) -> str:
    """An answer from the knowledge base with its source."""
    return f"{text}\n来源：{source}"
