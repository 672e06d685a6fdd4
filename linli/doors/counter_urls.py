"""Paths of the relay and the counter, under /desk/."""

from django.urls import path

from linli.doors import relay_web

urlpatterns = [
    path("relay/", relay_web.relay_form, name="relay"),
    path("relay/share", relay_web.relay_share, name="relay_share"),
    path("relay/look/", relay_web.relay_look, name="relay_look"),
    path("relay/take/", relay_web.relay_take, name="relay_take"),
    path("relay/back/", relay_web.relay_out, name="relay_out"),
    path("relay/back/<uuid:message_id>/", relay_web.relay_copied, name="relay_copied"),
    path("relay/asks/<uuid:ask_id>/", relay_web.relay_ask, name="relay_ask"),
    path("relay/<uuid:paste_id>/", relay_web.relay_paste, name="relay_paste"),
    path("relay/<uuid:paste_id>/news/", relay_web.relay_paste_news, name="relay_paste_news"),
]
