"""The product's paths as they are in demo mode."""

from django.urls import include, path

from linli.site.urls import urlpatterns as paths

urlpatterns = [*paths, path("desk/", include("linli.demo.urls"))]
