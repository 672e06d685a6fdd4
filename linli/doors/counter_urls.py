"""Paths of the relay, the counter, the hotline and paper, under /desk/."""

from django.urls import path

from linli.doors import counter_web, hotline_web, paper_web, relay_web

urlpatterns = [
    path("counter/", counter_web.counter_form, name="counter"),
    path("counter/who/", counter_web.counter_who, name="counter_who"),
    path("counter/done/<uuid:message_id>/", counter_web.counter_shown, name="counter_done"),
    path("counter/done/<uuid:message_id>/same/", counter_web.counter_ask, name="counter_ask"),
    path("counter/order/<uuid:order_id>/", counter_web.counter_order, name="counter_order"),
    path("counter/slip/<slug:kind>/<uuid:subject>/", counter_web.counter_slip, name="counter_slip"),
    path("hotline/", hotline_web.hotline_list, name="hotline"),
    path("hotline/paste/", hotline_web.hotline_paste, name="hotline_paste"),
    path("hotline/file/", hotline_web.hotline_file, name="hotline_file"),
    path("hotline/file/<uuid:sheet_id>/", hotline_web.hotline_sheet, name="hotline_sheet"),
    path("hotline/file/<uuid:sheet_id>/take/", hotline_web.hotline_take, name="hotline_take"),
    path("hotline/back.xlsx", hotline_web.hotline_export, name="hotline_export"),
    path("hotline/carried/", hotline_web.hotline_carried_many, name="hotline_carried_many"),
    path("hotline/<uuid:order_id>/", hotline_web.hotline_of, name="hotline_of"),
    path("hotline/<uuid:order_id>/carried/", hotline_web.hotline_carried, name="hotline_carried"),
    path("paper/", paper_web.paper, name="paper"),
    path("paper/blank/<slug:code>/", paper_web.paper_blank, name="paper_blank"),
    path("paper/photo/", paper_web.paper_upload, name="paper_upload"),
    path("paper/<uuid:sheet_id>/", paper_web.paper_sheet, name="paper_sheet"),
    path("paper/<uuid:sheet_id>/photo/", paper_web.paper_photo, name="paper_photo"),
    path("paper/<uuid:sheet_id>/settle/", paper_web.paper_settle, name="paper_settle"),
    path("paper/<uuid:sheet_id>/drop/", paper_web.paper_drop, name="paper_drop"),
    path("relay/", relay_web.relay_form, name="relay"),
    path("app.webmanifest", relay_web.manifest, name="desk_manifest"),
    path("relay/share", relay_web.relay_share, name="relay_share"),
    path("relay/look/", relay_web.relay_look, name="relay_look"),
    path("relay/take/", relay_web.relay_take, name="relay_take"),
    path("relay/back/", relay_web.relay_out, name="relay_out"),
    path("relay/back/<uuid:message_id>/", relay_web.relay_copied, name="relay_copied"),
    path("relay/asks/<uuid:ask_id>/", relay_web.relay_ask, name="relay_ask"),
    path("relay/<uuid:paste_id>/", relay_web.relay_paste, name="relay_paste"),
    path("relay/<uuid:paste_id>/news/", relay_web.relay_paste_news, name="relay_paste_news"),
]
