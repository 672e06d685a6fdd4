"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.lessons import web

urlpatterns = [
    path("understanding/", web.understanding, name="understanding"),
    path("understanding/train/", web.train, name="train_model"),
    path("understanding/back/", web.back, name="back_model"),
]
