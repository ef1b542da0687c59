"""A reader's sign that it is getting on with a long file, for whoever waits for it."""

from collections.abc import Callable

_listener: Callable[[], None] | None = None


def still_reading() -> None:
    """Say that another part, a page, say, has been read: the time allowed without progress begins anew.

    Readers call it as often as they like; a file whose reader never does must be read within that time.
    """
    if _listener is not None:
        _listener()


def listen(listener: Callable[[], None] | None) -> None:
    """Have a function called whenever a reader of this process gets on; only the process's entry does so."""
    global _listener
    _listener = listener
