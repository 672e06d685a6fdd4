"""Paths of this slice, under /desk/."""

from django.urls import path, re_path

from linli.knowledge.web import entries, facts, gaps, tables

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
urlpatterns = [
    path("knowledge/", entries.entries, name="knowledge"),
    path("knowledge/new/", entries.entry, name="entry_new"),
    path("knowledge/asked/", gaps.gaps, name="gaps"),
    path("knowledge/asked/<uuid:gap_id>/", gaps.gap, name="gap"),
    path("knowledge/facts/", facts.local_facts, name="facts"),
    path("knowledge/table/", tables.export, name="knowledge_table"),
    path("knowledge/table/in/", tables.take_in, name="knowledge_table_in"),
    path("knowledge/<uuid:entry_id>/", entries.entry, name="entry"),
    re_path(f"^knowledge/(?P<entry_id>{UUID})/(?P<verb>submit|approve|return|retire)/$", entries.move, name="entry_move"),
]
