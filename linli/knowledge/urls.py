"""Paths of this slice."""

urlpatterns: list = []
