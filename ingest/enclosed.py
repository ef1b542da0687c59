"""What is attached to an e-mail, behind the face of an archive (`ingest.packed.Container`)."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import BinaryIO, cast

from ingest.packed import Packed, damage, decoded

_SIGNATURES = (".p7s", ".p7m", ".asc", ".sig", ".pgp")
"""Endings of what proves who wrote a mail; no document."""
_LONGEST_NAME = 120


class Mail:
    """An e-mail as an archive of what is attached to it; pictures that are shown within its text are left out."""

    def __init__(self, content: BinaryIO) -> None:
        with damage():
            message = email.message_from_binary_file(content, policy=email.policy.default)
            self._parts = list(_attached(message))
            self._names = _apart([_name(part) for part in self._parts])

    def members(self) -> Iterator[Packed]:
        """What is attached, in order."""
        for position, name in enumerate(self._names):
            if not name.lower().endswith(_SIGNATURES):
                yield Packed(position, name, len(self.read(position)))

    def name_of(self, position: int) -> str:
        """The name of an attachment."""
        return self._names[position]

    def read(self, position: int) -> bytes:
        """The content of an attachment."""
        part = self._parts[position]
        with damage():
            if part.get_content_maintype() == "message":
                return cast("EmailMessage", part.get_payload(0)).as_bytes()
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                raise OSError("an attachment without content")
            return payload


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    if not message.is_multipart():
        if message.get_filename() and message.get_content_maintype() != "text":
            yield message  # a mail that is nothing but a file
        return
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            yield part
        elif part.get_content_maintype() == "multipart":
            yield from _attached(part)
        elif part.get_filename() and not (part.get("Content-ID") and part.get_content_maintype() == "image"):
            yield part


def _name(part: EmailMessage) -> str:
    name = part.get_filename() or ""
    if not name and part.get_content_maintype() == "message":
        name = f"{cast('EmailMessage', part.get_payload(0)).get('Subject') or '转发的邮件'}.eml"
    name = decoded(str(name).encode("utf-8", "surrogateescape"))
    bare = "".join(character for character in name.replace("\\", "/").rsplit("/", 1)[-1] if character.isprintable())
    stem, dot, ending = bare.strip(" .").rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending[:_LONGEST_NAME]}" or "附件"


def _apart(names: list[str]) -> list[str]:
    """Names of which none stands twice: 附件.docx, 附件(2).docx."""
    apart: list[str] = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        number, other = 1, name
        while other in apart:
            number += 1
            other = f"{stem}({number}){dot}{ending}" if stem else f"{name}({number})"
        apart.append(other)
    return apart
