"""Where each path leads. Slices bring their own `urls`; the order of the lines is the order of asking."""

from django.conf import settings
from django.urls import include, path

from linli.site.api import api

urlpatterns = [
    path("api/", api.urls),
    path("open311/", include("linli.channels.open311.urls")),
    path("", include("linli.ui.urls")),
    path("", include("linli.accounts.urls")),
    path("", include("linli.groups.urls")),
    path("", include("linli.doors.urls")),
    path("desk/", include("linli.doors.counter_urls")),
    path("desk/", include("linli.doors.desk_urls")),
    path("desk/", include("linli.grid.urls")),
    path("desk/", include("linli.orders.urls")),
    path("desk/", include("linli.standards.urls")),
    path("desk/", include("linli.knowledge.urls")),
    path("desk/", include("linli.standards.urls")),
    path("desk/", include("linli.insight.urls")),
    path("desk/", include("linli.lessons.urls")),
    *([path("desk/", include("linli.demo.urls"))] if settings.LINLI_DEMO else []),
]
handler400 = "linli.site.errors.bad_request"
handler403 = "linli.site.errors.forbidden"
handler404 = "linli.site.errors.not_found"
handler500 = "linli.site.errors.server_error"
