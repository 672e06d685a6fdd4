"""Paths of GeoReport v2: /open311/v2/requests.json, /open311/v2/requests.xml …"""

from django.urls import path, re_path

from linli.channels.open311 import views

urlpatterns = [
    path("openapi.<str:fmt>", views.openapi),
    path("discovery.<str:fmt>", views.discovery),
    path("v2/services.<str:fmt>", views.service_list),
    re_path(r"^v2/services/(?P<code>[\w-]{1,24})\.(?P<fmt>\w+)$", views.service_definition),
    path("v2/requests.<str:fmt>", views.request_list),
    re_path(r"^v2/requests/(?P<number>[\w-]{1,32})\.(?P<fmt>\w+)$", views.request_one),
    re_path(r"^v2/tokens/(?P<token>[\w-]{1,64})\.(?P<fmt>\w+)$", views.token),
    path("v2/servicerequestupdates.<str:fmt>", views.update_list),
    re_path(r"^(?P<rest>.*)$", views.unknown),
]
