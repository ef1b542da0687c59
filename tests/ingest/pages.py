"""Pages drawn as pictures, and PDFs and OFDs made of them or of text, small enough to read in a test."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
DPI = 100


def page_picture(lines: Sequence[tuple[float, float, float, str]], *, tilt: float = 0.0) -> Image.Image:
    """An A4 page at 100 dpi with lines (x, y and size in points from the lower left, text); skips without a font."""
    pytest.importorskip("rapidocr")
    path = next((font for font in _FONTS if Path(font).exists()), None)
    if path is None:
        pytest.skip("no Chinese font here to draw a page with")
    page = Image.new("RGB", (827, 1169), "white")
    pen = ImageDraw.Draw(page)
    for x, y, size, text in lines:
        font = ImageFont.truetype(path, round(size * DPI / 72))
        pen.text((x * DPI / 72, (842 - y) * DPI / 72), text, font=font, fill="black", anchor="ls")
    return page.rotate(tilt, fillcolor="white", resample=Image.Resampling.BICUBIC)


def as_file(pictures: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    """The pictures as a file of a kind that Pillow writes; PDF and TIFF hold them all."""
    out = io.BytesIO()
    first, *others = pictures
    if kind in ("PDF", "TIFF"):
        options |= {"save_all": True, "append_images": others}
    if kind == "PDF":
        options["resolution"] = DPI
    first.save(out, kind, **options)
    return out.getvalue()


def text_object(x: float, y: float, size: float, text: str, **attributes: str) -> str:
    """An OFD text object at x and y in millimetres from the upper left, its characters `size` apart."""
    delta = f"g {len(text) - 1} {size}" if len(text) > 1 else ""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} 200 {size}" Font="1" Size="{size}"{more}>'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{delta}">{text}</ofd:TextCode></ofd:TextObject>'
    )


def ofd_of(
    pages: Sequence[str],
    *,
    templates: Sequence[str] = (),
    page_head: str = "",
    prolog: str = "",
    resources: str = "",
    files: dict[str, bytes] | None = None,
) -> bytes:
    """An OFD whose pages and templates hold the given objects; every page stands on all templates."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    used = "".join(f'<ofd:Template TemplateID="{900 + n}"/>' for n in range(len(templates))) + page_head
    listed = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
    known = "".join(f'<ofd:TemplatePage ID="{900 + n}" BaseLoc="Tpls/T{n}.xml"/>' for n in range(len(templates)))
    known += "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>" if resources else ""

    def content(objects: str, head: str = "") -> str:
        layer = f'<ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content>'
        return f"{prolog}<ofd:Page {space}>{head}{layer}</ofd:Page>"

    parts: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        "</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f"</ofd:PhysicalBox></ofd:PageArea>{known}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/P{n}.xml": content(objects, used) for n, objects in enumerate(pages)},
        **{f"Doc_0/Tpls/T{n}.xml": content(objects) for n, objects in enumerate(templates)},
        **(files or {}),
    }
    if resources:
        parts["Doc_0/Res.xml"] = f'<ofd:Res {space} BaseLoc="Res">{resources}</ofd:Res>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()
