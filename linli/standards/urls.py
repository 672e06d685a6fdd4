"""Paths of this slice, under /desk/."""

from django.urls import include, path

urlpatterns = [
    path("procedures/", include("linli.standards.urls_procedures")),
]
