"""E-mail (.eml) → its headers, text and the names of its attachments; web pages in the same format (.mht) → text."""

import email
import email.policy
from contextlib import suppress
from email.message import EmailMessage

from ingest.errors import UnreadableFile
from ingest.readers.extract import Extract
from ingest.readers.html import read_html
from ingest.readers.plain import read_plain

_HEADERS = (("subject", "主题"), ("from", "发件人"), ("to", "收件人"), ("cc", "抄送"), ("date", "日期"))


def read_mail(content: bytes, source: str) -> Extract:
    """Read a saved e-mail; raises UnreadableFile for what is none."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        head = [f"{name}：{value}" for key, name in _HEADERS if (value := _header(message, key))]
        if len(head) < 2:
            reason = "not an e-mail: no sender, subject or date; check what kind of file it is"
            raise UnreadableFile(source, reason)
        names = [name for part in message.iter_attachments() if (name := part.get_filename())]
        body = _body(message, source)
    except UnreadableFile:
        raise
    except Exception as error:
        # The library's parsing of headers raises nearly anything on malformed ones.
        reason = f"damaged e-mail ({type(error).__name__}); save it again from the mail program"
        raise UnreadableFile(source, reason) from error
    attached = [f"附件：{name}" for name in names]
    return Extract("\n".join(" ".join(line.split()) for line in (*head, *body, *attached) if line.split()))


def read_mht(content: bytes, source: str) -> Extract:
    """Read a web page saved with its pictures in one file; raises UnreadableFile where there is no page in it."""
    try:
        body = _body(email.message_from_bytes(content, policy=email.policy.default), source)
    except UnreadableFile:
        raise
    except Exception as error:
        # As above.
        reason = f"damaged web archive ({type(error).__name__}); save the page again as .html"
        raise UnreadableFile(source, reason) from error
    return Extract("\n".join(body))


def _header(message: EmailMessage, key: str) -> str:
    value = message.get(key)
    if value is None:
        return ""
    if key == "date":
        moment = getattr(value, "datetime", None)
        return f"{moment:%Y-%m-%d %H:%M}" if moment else str(value)
    return " ".join(str(value).split())


def _body(message: EmailMessage, source: str) -> list[str]:
    part = message.get_body(("plain", "html"))
    if part is None:
        return []
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = (part.get_content_charset() or "").lower()
    encoding = "gb18030" if charset in ("gb2312", "gbk") else charset
    with suppress(LookupError, UnicodeDecodeError):
        content = content.decode(encoding).encode() if encoding else content
    if not content.strip():
        return []
    reader = read_html if part.get_content_subtype() == "html" else read_plain
    return reader(content, source).text.split("\n")
