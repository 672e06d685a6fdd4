"""Paths of this slice."""

from django.urls import path

from linli.accounts import web

urlpatterns = [
    path("sign-out/", web.sign_out, name="sign_out"),
    path("welcome/<slug:token>/", web.welcome, name="welcome"),
]
