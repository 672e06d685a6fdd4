"""Paths of the desk's own pages, under /desk/. Orders, grid and knowledge bring theirs."""

from django.urls import path

from linli.doors import desk, desk_board, desk_finding, desk_groups, desk_health, desk_known, desk_notices

urlpatterns = [
    path("", desk.home, name="desk"),
    path("golden-eye/", desk_finding.golden_eye, name="golden_eye"),
    path("deputies/", desk_finding.deputies, name="deputies"),
    path("board/", desk_board.board, name="desk_board"),
    path("board/screen/", desk_board.screen, name="desk_board_screen"),
    path("me/", desk.me, name="desk_me"),
    path("notices/", desk_notices.inbox, name="desk_notices"),
    path("notices/read/", desk_notices.read, name="desk_notices_read"),
    path("notices/<uuid:notice_id>/", desk_notices.go, name="desk_notice"),
    path("groups/", desk_groups.groups, name="desk_groups"),
    path("groups/new/", desk_groups.new, name="desk_group_new"),
    path("groups/<uuid:group_id>/", desk_groups.group, name="desk_group"),
    path("groups/<uuid:group_id>/do/<slug:verb>/", desk_groups.do, name="desk_group_do"),
    path("groups/<uuid:group_id>/code/", desk_groups.code, name="desk_group_code"),
    path("orders/<uuid:order_id>/known/", desk_known.order_known, name="order_known"),
    path("known/", desk_known.order_find_known, name="order_find_known"),
    path("health/", desk_health.health, name="desk_health"),
    path("health/message/<uuid:message_id>/", desk_health.retry_message, name="desk_retry_message"),
    path("health/delivery/<uuid:delivery_id>/", desk_health.retry_delivery, name="desk_retry_delivery"),
]
