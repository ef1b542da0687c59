"""Loading an encoder when it is first needed, and once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.encoder import Encoder


def loaded_once(encoder: Encoder | Callable[[], Encoder] | None) -> Callable[[], Encoder]:
    """Give an encoder, or what a function gives, or the default one; a call from any thread loads it at most once."""
    loaded = None if encoder is None or callable(encoder) else encoder
    load = encoder if callable(encoder) else _default_encoder
    loading = threading.Lock()

    def give() -> Encoder:
        nonlocal loaded
        with loading:
            if loaded is None:
                loaded = load()
            return loaded

    return give


def _default_encoder() -> Encoder:
    from index.encoders import load_encoder

    return load_encoder()
