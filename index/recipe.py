"""What an index is made by: the code that turns a file into documents, passages and terms."""

from functools import cache
from hashlib import sha256
from pathlib import Path


def recipe_of_failures() -> str:
    """The same and the programs that were there to read with; a file that could not be read is tried with others."""
    from ingest.readers.office import find_program

    return f"{recipe()}+office" if find_program() else recipe()


@cache
def recipe() -> str:
    """A hash of that code; a document made by other code is read again, as if its file had changed."""
    here = Path(__file__).parent
    code = [
        *here.parent.joinpath("ingest").rglob("*.py"),
        here / "context.py",
        here / "segmenter.py",
        here / "tokeniser.py",
    ]
    digest = sha256()
    for path in sorted(code):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
