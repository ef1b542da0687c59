"""Encoders: the bundled multilingual-e5-small, plain or tuned, or any sentence-transformers model."""

import os
from pathlib import Path

from index.encoder import Encoder

__all__ = ["default_cache", "load_encoder"]

SUFFIX = ".safetensors"
"""What the files of adapters end in."""
PLAIN_NAME = "e5-small"
"""The bundled encoder as it was published."""
DEFAULT_NAME = PLAIN_NAME


def load_encoder(name: str | None = None, *, cache: Path | None = None) -> Encoder:
    """Load the encoder `name`: None is the default one, `e5-small` the bundled one as it was published, the path of an
    adapter (`.safetensors`, of `yinju tune`) the bundled one with it; else a sentence-transformers model or folder.

    `cache` is the folder for the converted weights of the bundled encoder; by default that of the environment
    variable YINJU_CACHE, else the user's cache folder. Raises EncoderUnavailable.
    """
    name = name or DEFAULT_NAME
    if is_bundled(name):
        from index.encoders.bundled import load_bundled

        return load_bundled(cache or default_cache(), adapter_of(name))
    from index.encoders.sentence import load_sentence_encoder

    return load_sentence_encoder(name)


def is_bundled(name: str) -> bool:
    """Whether an encoder of this name is the bundled one, plain or with an adapter."""
    return name == PLAIN_NAME or name.endswith(SUFFIX)


def adapter_of(name: str) -> Path | None:
    """The adapter of a bundled encoder, None for the plain one."""
    return None if name == PLAIN_NAME else Path(name)


def default_cache() -> Path:
    """The folder of what can be made again: that of the environment variable YINJU_CACHE, else the user's."""
    from platformdirs import user_cache_dir

    return Path(os.environ.get("YINJU_CACHE") or user_cache_dir("yinju"))
