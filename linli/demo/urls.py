"""Paths of the demo, under /desk/ and in demo mode only (site/urls.py)."""

from django.urls import path

from linli.demo import web

urlpatterns = [
    path("simulator/", web.simulator_page, name="simulator"),
    path("simulator/set/", web.simulator_set, name="simulator_set"),
]
