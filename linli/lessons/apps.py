"""Start-up: say to the language floor where this district's learned models are."""

from django.apps import AppConfig
from django.conf import settings

from linli.language import versions


class LessonsConfig(AppConfig):
    """Every process of the district settles in the same home."""

    name = "linli.lessons"
    label = "lessons"

    def ready(self) -> None:
        versions.settle(settings.LINLI_MODELS)
