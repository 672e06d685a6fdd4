"""Paths of this slice."""

from django.urls import path

from linli.groups import web

urlpatterns = [
    path("join/<slug:invite>/", web.join, name="join"),
    path("g/<uuid:group_id>/info/", web.info, name="group_info"),
    path("g/<uuid:group_id>/invite/", web.renew, name="renew_invite"),
    path("g/<uuid:group_id>/mute/", web.mute, name="mute_group"),
    path("g/<uuid:group_id>/leave/", web.leave, name="leave_group"),
]
