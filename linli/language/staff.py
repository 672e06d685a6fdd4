"""Words against our own people: they go to another body, and not to those of whom they speak (投诉处理规范 6.1)."""

import re

_WHO = (
    r"(?:社工|网格员|网格长|协管员|居委会?|村委会?|社区(?:的)?(?:工作人员|干部|书记|主任|同志|的人|那(?:个|些)人|领导)|书记|主任|街道(?:办)?(?:的)?(?:工作人员|干部|领导|的人|同志)"
    r"|办事(?:员|人员|大厅)|窗口(?:的)?(?:人|工作人员|办事)|服务站(?:的)?(?:人|工作人员)|你们(?:社区|居委会?|街道)(?:的)?(?:人|干部|工作人员)|值班(?:员|的))"
)
_DEED = (
    r"(?:态度(?:太|很|特别|非常|这么|真)?(?:差|恶劣|不好|蛮横|凶)|骂(?:人|我|老人|群众)|凶(?:我|人|得)|推(?:诿|卸|来推去)|踢皮球|不作为|乱作为|不理(?:人|我|睬)|爱理不理|爱答不理"
    r"|刁难|摆架子|敷衍|糊弄|装聋作哑|欺负|侮辱|打人|动手|徇私|偏袒|偏心|(?:收|要|拿)(?:了)?(?:红包|好处|回扣|钱物|烟酒)|吃拿卡要|索要|受贿|贪|克扣|冒领|优亲厚友|说话难听|甩脸)"
)
_COMPLAINS = re.compile(rf"(?:投诉|举报|状告|告(?!诉|知))(?:一下)?(?:你们|我们)?.{{0,6}}{_WHO}")
_CONDUCT = re.compile(rf"{_WHO}.{{0,24}}{_DEED}|{_DEED}.{{0,12}}{_WHO}")
_TO_THEM = re.compile(rf"(?:向|跟|和|找|给|请|让|叫|麻烦|谢谢|感谢){_WHO}")
"""Somebody who tells the committee of a neighbour's dog does not complain of the committee."""
_OTHERS = re.compile(r"物业|保安|邻居|商家|老板|业主|司机|快递|师傅|施工|开发商|医生|护士|老师")


def against_staff(text: str) -> bool:
    """Does the text complain of how a worker, head or clerk of ours behaves?"""
    if _COMPLAINS.search(text):
        return True
    found = _CONDUCT.search(text)
    if found is None or _OTHERS.search(found[0]):
        return False
    return not _TO_THEM.search(text[: found.end()]) or bool(re.search(rf"{_WHO}.{{0,4}}{_DEED}", text))
