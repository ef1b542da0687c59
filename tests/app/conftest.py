from pathlib import Path

import pytest

from index import update_index

HOSTILE = "<script>alert(1)</script>里的$x$和**着重**以及[链接](http://a.example)&amp;都是原文。"
SPEECH = f"""在全市机关作风建设会议上的讲话
（2021年3月1日）
同志们：
会议提出“三个实”的要求，也就是谋事要实、创业要实、做人要实。
{HOSTILE}
"""
RULE = """差旅费管理办法
第一章 总则
第一条 为了规范差旅费管理，制定本办法。
第二章 交通
第二条 出差人员乘坐高速列车二等座，凭据报销。
第三条 本办法自2022年1月1日起施行。
"""
LONG = "\n".join(["会议纪要", *(f"第{n}次会议讨论甲乙丙。" for n in range(1, 251))])


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a speech, a rule and long minutes, made with the default encoder as the app uses it."""
    folder = tmp_path_factory.mktemp("文库")
    (folder / "讲话.txt").write_text(SPEECH, encoding="utf-8")
    (folder / "办法.txt").write_text(RULE, encoding="utf-8")
    (folder / "长.txt").write_text(LONG, encoding="utf-8")
    directory = tmp_path_factory.mktemp("索引")
    assert update_index([folder], directory).failed == ()
    return directory
