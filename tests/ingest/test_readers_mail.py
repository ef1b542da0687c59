from email.message import EmailMessage

import pytest

from ingest.errors import UnreadableFile
from ingest.readers.mail import read_mail, read_mht


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "关于报送材料的提醒"
    mail["From"] = "办公室 <office@example.org>"
    mail["To"] = "各科室 <all@example.org>"
    mail["Date"] = "Fri, 01 Mar 2024 09:30:00 +0800"
    return mail


HEAD = (
    "主题：关于报送材料的提醒\n发件人：办公室 <office@example.org>\n收件人：各科室 <all@example.org>\n"
    "日期：2024-03-01 09:30\n"
)


def test_headers_text_and_names_of_attachments() -> None:
    mail = message()
    mail.set_content("请于3月15日前报送。\n")
    mail.add_alternative("<p>网页版</p>", subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="报送要求.pdf")
    assert read_mail(mail.as_bytes(), "x.eml").text == HEAD + "请于3月15日前报送。\n附件：报送要求.pdf"


def test_a_message_in_html_alone_and_in_gb2312() -> None:
    mail = message()
    mail.set_content("<p>请于3月15日前</p><p>报送朱镕基同志文稿。</p>".encode("gb18030"), "text", "html")
    mail.set_param("charset", "gb2312")
    assert read_mail(mail.as_bytes(), "x.eml").text == HEAD + "请于3月15日前\n报送朱镕基同志文稿。"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, "这不是邮件。".encode()])
def test_what_is_no_mail_is_stated(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not an e-mail"):
        read_mail(content, "x.eml")


def test_a_web_page_saved_in_one_file() -> None:
    page = EmailMessage()
    page["MIME-Version"] = "1.0"
    page.set_content("<html><p>第一条　甲。</p></html>", subtype="html")
    page.add_related(b"x", maintype="image", subtype="png", cid="<1>")
    assert read_mht(page.as_bytes(), "x.mht").text == "第一条　甲。"
