"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.insight import web

urlpatterns = [
    path("opinion/", web.opinion, name="opinion"),
    path("opinion/export/", web.opinion_export, name="opinion_export"),
]
