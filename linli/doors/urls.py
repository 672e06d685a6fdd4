"""Paths of the resident's door. The desk's doors (relay, counter) have their own modules."""

from django.urls import path

from linli.doors import company
from linli.doors.resident import asking, board, home, matters_web, reports, signing, talk

urlpatterns = [
    path("", home.home, name="home"),
    path("me/", home.me, name="me"),
    path("g/<uuid:group_id>/", talk.group, name="talk"),
    path("g/<uuid:group_id>/since/", talk.since, name="talk_since"),
    path("g/<uuid:group_id>/say/", talk.say, name="talk_say"),
    path("m/<uuid:message_id>/file/<int:number>/", talk.message_file, name="message_file"),
    path("m/<uuid:message_id>/ask/", talk.settle, name="settle"),
    path("m/<uuid:message_id>/choose/", talk.choose, name="choose"),
    path("m/<uuid:message_id>/useful/", talk.useful, name="useful"),
    path("m/<uuid:message_id>/rate/", talk.rate_here, name="rate_here"),
    path("mine/", matters_web.mine_page, name="mine"),
    path("mine/list/", matters_web.mine_list, name="mine_list"),
    path("mine/<uuid:voice_id>/rate/", matters_web.rate, name="rate"),
    path("mine/<uuid:voice_id>/urge/", matters_web.urge, name="urge"),
    path("mine/<uuid:voice_id>/dispute/", matters_web.dispute, name="dispute"),
    path("mine/about/<uuid:order_id>/object/", matters_web.concerned_object, name="concerned_object"),
    path("mine/<uuid:voice_id>/add/", matters_web.add_words, name="add_words"),
    path("mine/<uuid:voice_id>/file/<uuid:blob_id>/", matters_web.mine_file, name="mine_file"),
    path("v/<str:token>/", matters_web.voice_link, name="voice_link"),
    path("v/<str:token>/rate/", matters_web.voice_link_rate, name="voice_link_rate"),
    path("v/<str:token>/urge/", matters_web.voice_link_urge, name="voice_link_urge"),
    path("v/<str:token>/dispute/", matters_web.voice_link_dispute, name="voice_link_dispute"),
    path("v/<str:token>/file/<uuid:blob_id>/", matters_web.voice_link_file, name="voice_link_file"),
    path("w/<str:token>/", company.company, name="company"),
    path("board/", board.board, name="board"),
    path("report/", reports.report, name="report"),
    path("q/<slug:code>/", reports.at_building, name="at_building"),
    path("answers/", asking.answers, name="answers"),
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/as/", signing.sign_in_as, name="sign_in_as"),
    path("phone/", signing.phone, name="phone"),
]
