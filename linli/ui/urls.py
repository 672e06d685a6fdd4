from django.urls import path

from linli.ui import web

urlpatterns = [
    path("styleguide", web.styleguide, name="styleguide"),
    path("styleguide/<slug:page>", web.styleguide_page, name="styleguide_page"),
    path("elder", web.elder, name="elder"),
]
