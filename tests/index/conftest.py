from pathlib import Path

import pytest

from tests.fakes import FakeEncoder

DOCUMENTS = {
    "讲话/作风.txt": "在机关作风会议上的讲话\n同志们：\n我们要做到“五个更”。责任更重，步子更稳，服务更好。\n",
    "办法/差旅.txt": "差旅费管理办法\n第一条 为规范差旅费，制定本办法。\n第二条 出差人员按照等级乘坐交通工具。\n",
    "报告/2008年报告.txt": "2008年工作报告\n各位代表：\n全市生产总值增长5.5%。\n要抑制房价过快上涨，建设保障房。\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three small documents."""
    for source, text in DOCUMENTS.items():
        path = tmp_path / "文库" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "文库"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where an index may be made."""
    return tmp_path / "索引"


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()
