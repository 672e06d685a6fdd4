"""Files go to a folder of the test, sealed with keys of the test."""

import pytest

from linli.kernel import crypto


@pytest.fixture(autouse=True)
def vault(settings, tmp_path, monkeypatch):
    """The folder."""
    settings.LINLI_FILES = tmp_path / "files"
    settings.LINLI_MAX_IMAGE_MB, settings.LINLI_MAX_AUDIO_MB = 15, 10
    monkeypatch.setenv(crypto.ENV, crypto.new_key("old"))
    return settings.LINLI_FILES
