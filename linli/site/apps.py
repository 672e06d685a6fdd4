"""Start-up: find every slice's `jobs` once, so that handlers and periodic jobs are known in each process."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """Last in INSTALLED_APPS: everything it looks for is loaded by then."""

    name = "linli.site"
    label = "site"

    def ready(self) -> None:
        autodiscover_modules("jobs")
