"""The errors of 引据, one tree. Each message names the file or value, the reason and what to do next.

YinjuError
├── UnreadableFile        one file could not be turned into a document; the rest of a run goes on
├── BadRequest            a question, query or filter that cannot be worked with
├── IndexMissing          there is no index where one was expected
├── IndexMismatch         the index was made with another encoder or format
├── IndexDamaged          a snapshot's files do not match its manifest
├── IndexBusy             another process is writing the index
└── EncoderUnavailable    the encoder's weights cannot be found or loaded
"""


class YinjuError(Exception):
    """A stated failure: shown to the user as its message alone, exit status 1."""


class UnreadableFile(YinjuError):
    """A file that could not be read as a document. `source` names it, `reason` says why and what to do."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class BadRequest(YinjuError):
    """An empty or malformed question, query, filter or phrase."""


class IndexMissing(YinjuError):
    """No published index in the directory."""


class IndexMismatch(YinjuError):
    """The index was made with another encoder or in another format; the message says how to rebuild."""


class IndexDamaged(YinjuError):
    """A file of the snapshot is missing or is not as its manifest says."""


class IndexBusy(YinjuError):
    """Another process holds the index's write lock."""


class EncoderUnavailable(YinjuError):
    """The encoder named cannot be loaded; the message says what is missing and how to get it."""
