from ingest.model import DocumentInfo
from phrasing import Concordance, Line, pasteable, source_line, to_csv

RULE = DocumentInfo(
    id="1", source="办法/差旅.docx", title="市级机关差旅费管理办法", number="澜财〔2021〕3号", date="2021-03-01"
)
BARE = DocumentInfo(id="2", source="a.txt", title="关于印发《方案》的通知", date="2019")


def test_source_line() -> None:
    assert source_line(RULE, ("第二章 交通费", "第十一条"), 3) == (
        "《市级机关差旅费管理办法》 澜财〔2021〕3号 2021-03-01 第二章 交通费 › 第十一条 第3页"
    )
    assert source_line(BARE) == "《关于印发〈方案〉的通知》 2019"


def test_pasteable_names_the_innermost_article() -> None:
    assert pasteable("凭据报销。", RULE, ("第二章 交通费", "第十一条"), 3) == (
        "“凭据报销。”（《市级机关差旅费管理办法》，澜财〔2021〕3号，2021年3月1日，第十一条，第3页）"
    )


def test_pasteable_leaves_out_what_is_unknown() -> None:
    assert pasteable("原文“引号”不动", BARE) == "“原文“引号”不动”（《关于印发〈方案〉的通知》，2019年）"


def test_csv_quotes_what_needs_it() -> None:
    line = Line('说"一",', "二", "三", BARE, 4, None)
    assert to_csv(Concordance("二", 1, ((BARE, 1),), (line,))) == (
        "date,title,number,source,page,start,left,match,right\r\n"
        '2019,关于印发《方案》的通知,,a.txt,,4,"说""一"",",二,三\r\n'
    )
