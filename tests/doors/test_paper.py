"""Paper at the desk: blanks, a photo, two blind entries, the page of differences; who may, and two at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from linli.channels.models import PaperSheet
from linli.ledger.models import Event
from linli.orders.models import Order, Voice
from tests.desk import sign_in, text
from tests.orders.test_web_verbs import photo

pytestmark = pytest.mark.django_db
WORDS = "楼道的灯坏了三天"
ENTRY = {"name": "周阿姨", "phone": "19000007788", "place": "东门岗亭旁", "words": WORDS}


def handed_in(cast, client, form="slip", key="one"):
    data = {"form": form, "community": str(cast.community["jinxiu"].id), "photo": photo(), "key": key}
    return client.post("/desk/paper/photo/", data)


def test_from_a_photo_to_an_order_by_two_people(cast, at):
    lu, li = sign_in(cast, "lu_xin"), sign_in(cast, "li_min")
    url = handed_in(cast, lu).url
    assert "第一遍" in text(lu.get(url))
    assert "请另一位同事" in text(lu.post(url, ENTRY, follow=True))
    assert "等录第二遍" in text(li.get("/desk/paper/")) and "等另一位同事" in text(lu.get("/desk/paper/"))
    blind = li.get(url).content.decode()
    assert "第二遍" in blind and WORDS not in blind and "周阿姨" not in blind
    done = text(li.post(url, ENTRY, follow=True))
    order = Order.objects.get()
    assert "开了 1 件工单" in done and order.number in done and "打印回执" in done
    assert "没有等着录的单子" in text(li.get("/desk/paper/"))


def test_differences_are_chosen_or_written_anew_and_nothing_is_lost(cast, at):
    lu, li = sign_in(cast, "lu_xin"), sign_in(cast, "li_min")
    url = handed_in(cast, lu).url
    lu.post(url, ENTRY)
    page = text(li.post(url, ENTRY | {"name": "周桂芳", "words": "灯坏了"}, follow=True))
    assert "2 处不一样" in page and "其余 2 项两遍一样" in page and WORDS in page
    half = li.post(f"{url}settle/", {"pick-name": "first", "pick-words": "new", "new-words": ""})
    assert half.status_code == 422 and "写写是什么事" in text(half)
    open_ = li.post(f"{url}settle/", {"pick-words": "new", "new-words": "三层的灯坏了"})
    assert open_.status_code == 422 and "怎么称呼还没有定" in text(open_) and "三层的灯坏了" in text(open_)
    done = li.post(f"{url}settle/", {"pick-name": "first", "pick-words": "new", "new-words": "三层的灯坏了"}, follow=True)
    assert "开了 1 件工单" in text(done)
    assert (Voice.objects.get().name, Voice.objects.get().words.split("\n")[0]) == ("周阿姨", "三层的灯坏了")


def test_only_the_second_sees_and_settles_the_differences(cast, at):
    lu, li, zhao = (sign_in(cast, k) for k in ("lu_xin", "li_min", "zhao_hui"))
    url = handed_in(cast, lu).url
    lu.post(url, ENTRY)
    li.post(url, ENTRY | {"words": "灯坏了"})
    for other in (lu, zhao):
        page = text(other.get(f"{url}settle/", follow=True))
        assert "核对" in page and WORDS not in page
        assert other.post(f"{url}settle/", {"pick-words": "first"}).status_code == 403
        assert other.get(f"{url}photo/").status_code == 404
    assert not Order.objects.exists()


def test_a_mistake_is_said_on_the_form_and_what_was_typed_stays(cast, at):
    lu = sign_in(cast, "lu_xin")
    url = handed_in(cast, lu, "inspection").url
    wrong = lu.post(url, {"words-2": "路灯不亮了"})
    assert wrong.status_code == 422 and "第 2 行请选楼栋" in text(wrong) and "路灯不亮了" in text(wrong)
    missing = lu.post("/desk/paper/photo/", {"form": "slip", "community": str(cast.community["jinxiu"].id), "key": "x"})
    assert missing.status_code == 422 and "拍下来" in text(missing)
    assert handed_in(cast, lu, "unknown", key="y").status_code == 422


def test_the_photo_opens_for_whoever_types_it_and_each_opening_is_recorded(cast, at):
    lu, li = sign_in(cast, "lu_xin"), sign_in(cast, "li_min")
    url = handed_in(cast, lu).url
    lu.get(url)
    shown = lu.get(f"{url}photo/")
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    assert Event.objects.filter(verb="channels.view_sheet", actor_id=cast.account["lu_xin"].id).count() == 1
    lu.post(url, ENTRY)
    assert lu.get(f"{url}photo/").status_code == 404
    li.post(url, ENTRY)
    assert li.get(f"{url}photo/").status_code == 404


@pytest.mark.parametrize("key", ["zhou", "ge_jun", "bao_hua"])
def test_others_have_nothing_to_do_with_paper(cast, at, key):
    url = handed_in(cast, sign_in(cast, "lu_xin")).url
    client = sign_in(cast, key)
    for path in ("/desk/paper/", "/desk/paper/blank/slip/", url, f"{url}photo/", f"{url}settle/"):
        assert client.get(path).status_code in (302, 403), path
    assert handed_in(cast, client, key="z").status_code in (302, 403)
    assert client.post(f"{url}drop/", {"why": "wrong"}).status_code in (302, 403)
    assert PaperSheet.objects.get().state == PaperSheet.NEW


def test_a_sheet_that_is_not_typed_says_why_and_is_over(cast, at):
    lu = sign_in(cast, "lu_xin")
    url = handed_in(cast, lu).url
    assert "不录了" in text(lu.post(f"{url}drop/", {"why": "unreadable"}, follow=True))
    assert Event.objects.get(verb="channels.drop_sheet").facts["why"] == "unreadable"
    assert lu.post(url, ENTRY).status_code == 409


@pytest.mark.parametrize(("code", "said"), [("slip", "撕下带走"), ("inspection", "一行只写一个问题"), ("deputy", "代表姓名")])
def test_a_blank_is_for_paper_and_its_code_leads_to_its_photo(cast, at, code, said):
    page = sign_in(cast, "lu_xin").get(f"/desk/paper/blank/{code}/")
    assert said in text(page) and "锦绣" in text(page) and "<svg" in page.content.decode()
    back = sign_in(cast, "lu_xin").get("/desk/paper/", {"form": code, "community": str(cast.community["jinxiu"].id)})
    assert f'value="{code}" required checked' in back.content.decode()


def test_the_desk_leads_those_to_paper_who_type_it(cast, at):
    assert "/desk/paper/" in sign_in(cast, "lu_xin").get("/desk/").content.decode()
    assert "/desk/paper/" not in sign_in(cast, "yu_tao").get("/desk/").content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_second_entries_at_the_same_moment_are_one_order(cast, at):
    url = handed_in(cast, (lu := sign_in(cast, "lu_xin"))).url
    lu.post(url, ENTRY)
    assert sorted(together(url, [sign_in(cast, "li_min"), sign_in(cast, "wang_fang")])) == [302, 409]
    assert Order.objects.count() == 1
    assert PaperSheet.objects.get().state == PaperSheet.DONE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_the_same_moment_are_first_and_second(cast, at):
    url = handed_in(cast, sign_in(cast, "lu_xin")).url
    assert together(url, [sign_in(cast, "li_min"), sign_in(cast, "wang_fang")]) == [302, 302]
    assert Order.objects.count() == 1


def together(url, clients):
    """The same entry of several people at the same moment; what each was answered."""
    barrier = threading.Barrier(len(clients))

    def enter(client):
        barrier.wait()
        try:
            return client.post(url, ENTRY).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(enter, clients))
