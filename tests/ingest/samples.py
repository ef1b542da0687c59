"""A tiny valid file of each format, made in code. A reader of another format adds its sample here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

from tests.ingest.minimal_pdf import pdf_of

TITLE = "关于公务用车管理的通知"
LINES = (TITLE, "各单位：", "第一条 公务用车实行统一管理。", "第二条 封存的车辆须经批准启用。")
TEXT = "\n".join(LINES) + "\n"


def _docx() -> bytes:
    import docx

    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "车辆", "数量"
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("单位", "车辆"), ("办公室", 3), ("财政局", 5)):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _html() -> bytes:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    return f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body>{body}</body></html>".encode()


def _pdf() -> bytes:
    return pdf_of([[(72, 760 - 24 * row, 16, line) for row, line in enumerate(LINES)]] * 2)


def _rtf() -> bytes:
    escaped = "\\par\n".join("".join(f"\\u{ord(c)}?" if ord(c) > 127 else c for c in line) for line in LINES)
    return f"{{\\rtf1\\ansi\\ansicpg936 {escaped}\\par}}".encode()


def _odt() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<text:p>{line}</text:p>" for line in LINES)
    kind = "application/vnd.oasis.opendocument.text"
    members = {
        "mimetype": kind,
        "content.xml": f'<?xml version="1.0"?><office:document-content xmlns:office="{office}:office:1.0" '
        f'xmlns:text="{office}:text:1.0" office:version="1.2"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{office}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }
    return _zipped(members)


def _ofd() -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    lines = "".join(
        f'<ofd:TextObject ID="{10 + row}" Font="3" Size="6" Boundary="20 {20 + 10 * row} 170 8">'
        f'<ofd:TextCode X="0" Y="6" DeltaX="g {len(line) - 1} 6">{line}</ofd:TextCode></ofd:TextObject>'
        for row, line in enumerate(LINES)
    )
    return _zipped(
        {
            "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
            f"<ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
            f"</ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>30</ofd:MaxUnitID>"
            "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>"
            '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
            "Doc_0/PublicRes.xml": f'<ofd:Res {space} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/>'
            "</ofd:Fonts></ofd:Res>",
            "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2">{lines}'
            "</ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def _eml() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, "a@example.com", "b@example.com"
    message.set_content(TEXT)
    message.add_attachment(TEXT.encode(), maintype="text", subtype="plain", filename="附件.txt")
    return message.as_bytes()


def _mht() -> bytes:
    message = EmailMessage()
    message["Subject"] = TITLE
    message.set_content(_html().decode(), subtype="html")
    message.make_related()
    return message.as_bytes()


def _png() -> bytes:
    """A white page of 64 × 32 points with a black line across it."""
    rows = b"".join(b"\0" + (b"\0" if row == 16 else b"\xff") * 64 for row in range(32))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 64, 32, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _image(kind: str) -> Callable[[], bytes]:
    def made() -> bytes:
        from PIL import Image

        content = io.BytesIO()
        Image.open(io.BytesIO(_png())).convert("RGB").save(content, kind)
        return content.getvalue()

    return made


def _zipped(members: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            package.writestr(name, text)
    return content.getvalue()


def _table(joint: str) -> bytes:
    return "\n".join(joint.join(row) for row in (("单位", "车辆"), ("办公室", "3"), ("财政局", "5"))).encode()


SAMPLES: dict[str, Callable[[], bytes]] = {
    ".txt": TEXT.encode,
    ".text": lambda: TEXT.encode("gb18030"),
    ".md": lambda: f"# {TEXT}".encode(),
    ".markdown": lambda: f"# {TEXT}".encode(),
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
    ".docm": _docx,
    ".dotx": _docx,
    ".pdf": _pdf,
    ".rtf": _rtf,
    ".doc": _rtf,  # word processors open it under this name too
    ".dot": _rtf,
    ".wps": _rtf,
    ".wpt": _rtf,
    ".odt": _odt,
    ".ott": _odt,
    ".ofd": _ofd,
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".xls": _xlsx,  # spreadsheet programs open it under these names too
    ".et": _xlsx,
    ".csv": lambda: _table(","),
    ".tsv": lambda: _table("\t"),
    ".eml": _eml,
    ".mht": _mht,
    ".mhtml": _mht,
    ".png": _png,
    ".bmp": _image("BMP"),
    ".gif": _image("GIF"),
    ".jpg": _image("JPEG"),
    ".jpeg": _image("JPEG"),
    ".tif": _image("TIFF"),
    ".tiff": _image("TIFF"),
    ".webp": _image("WEBP"),
}
"""By the ending of the file; endings that are not read are of no account."""
SLOW = frozenset(
    (".doc", ".dot", ".wps", ".wpt", ".rtf", ".png", ".bmp", ".gif", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
)
"""Formats that take a second or more each, by another program or by optical recognition: fewer of them are tried."""
