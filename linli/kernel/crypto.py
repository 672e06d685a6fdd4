"""The key ring and what is encrypted with it: AES-256-GCM for values, HMAC-SHA256 for blind indexes.

A ciphertext names its key: `k1:` + base64url(nonce ‖ sealed). LINLI_DATA_KEYS is "id:64 hex,id:64 hex"; the first
is the current one, the others only read. A backup holds key *ids*, never keys.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ENV = "LINLI_DATA_KEYS"


class KeyMissing(Exception):
    """A value was sealed with a key that the ring does not hold; the message names the key id."""


class KeyRing:
    """Data keys by id, in the order given; raises ValueError on a malformed ring."""

    def __init__(self, text: str):
        self.keys: dict[str, bytes] = {}
        for part in filter(None, (p.strip() for p in text.split(","))):
            key_id, _, hexed = part.partition(":")
            key = bytes.fromhex(hexed)
            if not key_id.isalnum() or len(key) != 32 or key_id in self.keys:
                raise ValueError(f"{ENV}: a data key must be id:64 hex digits, ids unique")
            self.keys[key_id] = key
        if not self.keys:
            raise ValueError(f"{ENV} is not set")
        self.current = next(iter(self.keys))
        self._aead = {key_id: AESGCM(key) for key_id, key in self.keys.items()}
        # The index key is of the oldest key, so that adding a key does not orphan what was indexed.
        oldest = list(self.keys.values())[-1]
        self._index_key = hmac.new(oldest, b"linli blind index", hashlib.sha256).digest()
        self._search_key = hmac.new(oldest, b"linli word search", hashlib.sha256).digest()

    def seal_bytes(self, data: bytes) -> tuple[str, bytes]:
        """Return (key id, nonce ‖ ciphertext ‖ tag)."""
        nonce = os.urandom(12)
        return self.current, nonce + self._aead[self.current].encrypt(nonce, data, None)

    def open_bytes(self, key_id: str, sealed: bytes) -> bytes:
        """Raises KeyMissing for an unknown key and ValueError for a changed value."""
        if key_id not in self._aead:
            raise KeyMissing(key_id)
        try:
            return self._aead[key_id].decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag as exc:
            raise ValueError("a sealed value was changed") from exc

    def seal(self, text: str) -> str:
        """Encrypt a text; the empty text stays empty."""
        if not text:
            return ""
        key_id, sealed = self.seal_bytes(text.encode())
        return f"{key_id}:{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, token: str) -> str:
        """Decrypt what `seal` made."""
        if not token:
            return ""
        key_id, _, body = token.partition(":")
        return self.open_bytes(key_id, base64.urlsafe_b64decode(body)).decode()

    def index(self, text: str) -> str:
        """Blind index: equal texts give equal 32 hex digits, nothing else can be told. Empty stays empty."""
        if not text:
            return ""
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def blind(self, token: str) -> str:
        """A search token nobody can read: 10 hex digits, equal for equal tokens; of another key than `index`, so that a
        number that was said is not recognised as somebody's phone."""
        return hmac.digest(self._search_key, token.encode(), "sha256").hex()[:10]


@lru_cache(maxsize=4)
def _ring(text: str) -> KeyRing:
    return KeyRing(text)


def ring() -> KeyRing:
    """The process's key ring, from the environment. Raises ValueError when it is missing or malformed."""
    return _ring(os.environ.get(ENV, ""))


def new_key(key_id: str = "k1") -> str:
    """A fresh entry for LINLI_DATA_KEYS."""
    return f"{key_id}:{secrets.token_hex(32)}"
