"""Paths of the desk's own pages, under /desk/. Orders, grid and knowledge bring theirs."""

from django.urls import path

from linli.doors import (
    desk,
    desk_archive,
    desk_board,
    desk_finding,
    desk_group_people,
    desk_groups,
    desk_handover,
    desk_health,
    desk_known,
    desk_me,
    desk_notices,
)

urlpatterns = [
    path("", desk.home, name="desk"),
    path("golden-eye/", desk_finding.golden_eye, name="golden_eye"),
    path("deputies/", desk_finding.deputies, name="deputies"),
    path("board/", desk_board.board, name="desk_board"),
    path("board/screen/", desk_board.screen, name="desk_board_screen"),
    path("me/", desk_me.me, name="desk_me"),
    path("notices/", desk_notices.inbox, name="desk_notices"),
    path("notices/read/", desk_notices.read, name="desk_notices_read"),
    path("notices/<uuid:notice_id>/", desk_notices.go, name="desk_notice"),
    path("groups/", desk_groups.groups, name="desk_groups"),
    path("groups/new/", desk_groups.new, name="desk_group_new"),
    path("groups/<uuid:group_id>/", desk_groups.group, name="desk_group"),
    path("groups/<uuid:group_id>/do/<slug:verb>/", desk_groups.do, name="desk_group_do"),
    path("groups/<uuid:group_id>/people/", desk_group_people.people, name="desk_people"),
    path("groups/<uuid:group_id>/people/<uuid:member_id>/", desk_group_people.member, name="desk_member"),
    path("groups/<uuid:group_id>/people/<uuid:member_id>/<slug:verb>/", desk_group_people.do, name="desk_member_do"),
    path("groups/<uuid:group_id>/colleague/", desk_group_people.add_colleague, name="add_colleague"),
    path("groups/<uuid:group_id>/code/", desk_groups.code, name="desk_group_code"),
    path("handover/<uuid:account_id>/", desk_handover.handover, name="handover"),
    path("handover/<uuid:account_id>/assign/", desk_handover.handover_assign, name="handover_assign"),
    path("orders/<uuid:order_id>/known/", desk_known.order_known, name="order_known"),
    path("known/", desk_known.order_find_known, name="order_find_known"),
    path("archive/", desk_archive.archive, name="desk_archive"),
    path("archive/<int:batch_id>/", desk_archive.batch, name="desk_batch"),
    path("archive/<int:batch_id>/problems/", desk_archive.batch_problems, name="desk_batch_problems"),
    path("archive/<int:batch_id>/back/", desk_archive.take_back, name="desk_batch_back"),
    path("health/", desk_health.health, name="desk_health"),
    path("health/message/<uuid:message_id>/", desk_health.retry_message, name="desk_retry_message"),
    path("health/delivery/<uuid:delivery_id>/", desk_health.retry_delivery, name="desk_retry_delivery"),
]
