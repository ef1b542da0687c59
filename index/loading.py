"""Loading an encoder when it is first needed, and once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.encoder import Encoder


def loaded_once(encoder: Encoder | Callable[[], Encoder] | None, model: str = "") -> Callable[[], Encoder]:
    """Give an encoder, or what a function gives, or the model of a name; a call from any thread loads it at most once.

    Where neither is given it is the default encoder.
    """
    loaded = None if encoder is None or callable(encoder) else encoder
    load = encoder if callable(encoder) else partial(_load, model)
    loading = threading.Lock()

    def give() -> Encoder:
        nonlocal loaded
        with loading:
            if loaded is None:
                loaded = load()
            return loaded

    return give


def _load(model: str) -> Encoder:
    from index.encoders import load_encoder

    return load_encoder(model or None)
