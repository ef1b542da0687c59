"""Encoders: the bundled multilingual-e5-small, or any sentence-transformers model."""

import os
from pathlib import Path

from index.encoder import Encoder

__all__ = ["default_cache", "load_encoder"]

DEFAULT_NAME = "e5-small"


def load_encoder(name: str | None = None, *, cache: Path | None = None) -> Encoder:
    """Load the encoder `name`: None or `e5-small` is the bundled one, else a sentence-transformers model or folder.

    `cache` is the folder for the converted weights of the bundled encoder; by default that of the environment
    variable YINJU_CACHE, else the user's cache folder. Raises EncoderUnavailable.
    """
    if name is None or name == DEFAULT_NAME:
        from index.encoders.bundled import load_bundled

        return load_bundled(cache or default_cache())
    from index.encoders.sentence import load_sentence_encoder

    return load_sentence_encoder(name)


def default_cache() -> Path:
    """The folder of what can be made again: that of the environment variable YINJU_CACHE, else the user's."""
    from platformdirs import user_cache_dir

    return Path(os.environ.get("YINJU_CACHE") or user_cache_dir("yinju"))
