"""One row for each stored content."""

from django.db import models

from linli.kernel import ids


class Blob(models.Model):
    """What is stored: of a picture the re-encoded one, of a voice the bytes as they came. Never changed."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()  # bytes, before sealing
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField(null=True)  # pixels, pictures only
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)  # voices only, and only where the container tells
    created_at = models.DateTimeField()

    @property
    def is_image(self) -> bool:
        """A picture."""
        return self.media_type.startswith("image/")

    @property
    def is_audio(self) -> bool:
        """A voice message."""
        return self.media_type.startswith("audio/")
