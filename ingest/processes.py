"""The processes below one: found, measured and ended, by what Linux tells of them under /proc."""

import os
import signal
from contextlib import suppress
from pathlib import Path

_BECOME_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2)."""


def adopt_orphans() -> None:
    """Have processes below this one whose parents end become its children, so that it can end them too."""
    import ctypes

    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)


def end_all_below() -> None:
    """Kill all processes below this one, however they have grouped themselves."""
    while True:
        for process, (parent, _) in _processes().items():
            if parent == os.getpid():
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def memory_below(process: int) -> int:
    """The bytes of memory that a process and all below it hold; 0 where the system does not say."""
    found = _processes()
    below = {process}
    grown = True
    while grown:
        more = {child for child, (parent, _) in found.items() if parent in below} - below
        below |= more
        grown = bool(more)
    return sum(found[one][1] for one in below if one in found)


def memory_held() -> int:
    """The bytes of memory that this process holds; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _processes() -> dict[int, tuple[int, int]]:
    """Of every process its parent and the bytes of memory that it holds."""
    found: dict[int, tuple[int, int]] = {}
    try:
        names = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:
        return found
    page = os.sysconf("SC_PAGE_SIZE")
    for name in names:
        with suppress(OSError, ValueError, IndexError):  # it may have ended meanwhile
            # The second field, the name in brackets, may itself hold brackets and blanks; proc(5).
            rest = Path("/proc", name, "stat").read_bytes().rpartition(b")")[2].split()
            found[int(name)] = (int(rest[1]), int(rest[21]) * page)
    return found
