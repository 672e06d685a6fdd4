"""Paths of this slice, under /desk/."""

from django.urls import path

from linli.orders.web import drawer, hall, lists, many, paper, sheets, verbs, wording

urlpatterns = [
    path("orders/", lists.order_list, name="order_list"),
    path("orders/export/", lists.order_export, name="order_export"),
    path("orders/many/<slug:verb>/", many.order_many, name="order_many"),
    path("orders/<uuid:order_id>/", drawer.order, name="order"),
    path("orders/<uuid:order_id>/do/<slug:verb>/", verbs.order_do, name="order_do"),
    path("orders/<uuid:order_id>/pass/<slug:code>/", verbs.order_pass, name="order_pass"),
    path("orders/<uuid:order_id>/wording/", wording.order_wording, name="order_wording"),
    path("hall/", hall.hall, name="order_hall"),
    path("hall/export/", sheets.hall_export, name="hall_export"),
    path("tasks/export/", sheets.tasks_export, name="tasks_export"),
    path("watch/export/", sheets.watch_export, name="watch_export"),
    path("requests/export/", sheets.requests_export, name="requests_export"),
    path("hall/dispatch/", hall.hall_dispatch, name="hall_dispatch"),
    path("hall/<uuid:order_id>/claim/", hall.hall_claim, name="hall_claim"),
    path("tasks/", hall.tasks, name="order_tasks"),
    path("watch/", hall.watch, name="order_watch"),
    path("requests/", hall.requests, name="order_requests"),
    path("requests/<uuid:request_id>/<slug:verb>/", verbs.request_decide, name="request_decide"),
    path("orders/<uuid:order_id>/accept/", verbs.order_accept, name="order_accept"),
    path("orders/<uuid:order_id>/voices/", drawer.order_voices, name="order_voices"),
    path("orders/<uuid:order_id>/call/<uuid:voice_id>/", drawer.order_call, name="order_call"),
    path("orders/<uuid:order_id>/copied/", drawer.order_copied, name="order_copied"),
    path("orders/<uuid:order_id>/blob/<uuid:blob_id>/", drawer.order_blob, name="order_blob"),
    path("orders/<uuid:order_id>/log/", paper.order_log, name="order_log"),
    path("orders/<uuid:order_id>/print/", paper.order_print, name="order_print"),
]
