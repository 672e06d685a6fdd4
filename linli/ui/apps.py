from django.apps import AppConfig


class UiConfig(AppConfig):
    """The visual language of Linli."""

    name = "linli.ui"
    label = "ui"
    verbose_name = "界面"
