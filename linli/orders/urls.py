"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.orders.web import drawer, lists, paper, verbs

urlpatterns = [
    path("orders/", lists.order_list, name="order_list"),
    path("orders/export/", lists.order_export, name="order_export"),
    path("orders/<uuid:order_id>/", drawer.order, name="order"),
    path("orders/<uuid:order_id>/do/<slug:verb>/", verbs.order_do, name="order_do"),
    path("orders/<uuid:order_id>/accept/", verbs.order_accept, name="order_accept"),
    path("orders/<uuid:order_id>/voices/", drawer.order_voices, name="order_voices"),
    path("orders/<uuid:order_id>/call/<uuid:voice_id>/", drawer.order_call, name="order_call"),
    path("orders/<uuid:order_id>/copied/", drawer.order_copied, name="order_copied"),
    path("orders/<uuid:order_id>/blob/<uuid:blob_id>/", drawer.order_blob, name="order_blob"),
    path("orders/<uuid:order_id>/print/", paper.order_print, name="order_print"),
]
