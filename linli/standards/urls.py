"""Paths of this slice, under /desk/."""

from django.urls import include, path

urlpatterns = [
    path("standards/", include("linli.standards.urls_library")),
    path("procedures/", include("linli.standards.urls_procedures")),
]
