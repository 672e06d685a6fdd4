"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.knowledge import web

urlpatterns = [
    path("knowledge/", web.entries, name="knowledge"),
    path("knowledge/new/", web.entry, name="entry_new"),
    path("knowledge/<uuid:entry_id>/", web.entry, name="entry"),
    path("knowledge/<uuid:entry_id>/retire/", web.retire, name="entry_retire"),
]
