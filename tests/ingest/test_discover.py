import os
from pathlib import Path

import pytest

from ingest.discover import SourceFile, discover
from ingest.errors import BadRequest, UnreadableFile


def write(path: Path, text: str = "正文。") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sources(*paths: Path) -> list[str]:
    return [found.source for found in discover(paths) if isinstance(found, SourceFile)]


def failures(*paths: Path) -> dict[str, str]:
    return {found.source: found.reason for found in discover(paths) if isinstance(found, UnreadableFile)}


def test_a_folder_is_walked_in_sorted_order_with_sources_relative_to_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/m/y.md", "c.pdf"):
        write(tmp_path / name)
    found = list(discover([tmp_path]))
    assert [item.source for item in found] == ["a/m/y.md", "a/z.txt", "b.txt", "c.pdf"]
    assert found[0] == SourceFile(path=tmp_path / "a/m/y.md", root=str(tmp_path), source="a/m/y.md")


def test_a_file_given_directly_is_known_by_its_name_under_its_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "制度" / "用车办法.txt")
    assert list(discover([path])) == [SourceFile(path=path, root=str(tmp_path / "制度"), source="用车办法.txt")]


def test_the_same_path_given_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    assert sources(tmp_path, tmp_path) == ["a.txt"]


def test_hidden_and_lock_files_are_left_out(tmp_path: Path) -> None:
    for name in (".DS_Store", "~$稿.docx", "Thumbs.db", ".git/x.txt", "稿.docx"):
        write(tmp_path / name)
    assert sources(tmp_path) == ["稿.docx"]
    assert failures(tmp_path) == {}


@pytest.mark.parametrize("name", ["有 空格.txt", "引号“和”'单'\".txt", "换\n行.txt", "中文　全角.txt"])
def test_odd_names_are_kept_as_they_are(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    assert sources(tmp_path) == [name]


def test_a_name_that_is_not_unicode_is_stated(tmp_path: Path) -> None:
    # 0xD6 0xD0 is 中 in GB 2312 and not valid UTF-8.
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd6\xd0.txt")).write_bytes(b"x")
    assert failures(tmp_path) == {"\\xd6\\xd0.txt": "the file name is not valid Unicode; rename the file"}


def test_a_link_loop_ends_and_a_folder_linked_twice_is_walked_once(tmp_path: Path) -> None:
    write(tmp_path / "a/x.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert sources(tmp_path) == ["a/x.txt"]


def test_a_link_to_itself_and_a_broken_link_are_stated(tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = failures(tmp_path)
    assert sorted(found) == ["gone.txt", "self.txt"]
    assert all("check the link" in reason for reason in found.values())


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.txt")
    assert failures(tmp_path) == {"p.txt": "not a regular file; leave it out of the folder"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_stated(tmp_path: Path) -> None:
    write(tmp_path / "locked/x.txt")
    write(tmp_path / "y.txt").chmod(0)
    (tmp_path / "locked").chmod(0)
    try:
        found = failures(tmp_path)
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert sorted(found) == ["locked", "y.txt"]


def test_a_path_that_does_not_exist_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"缺\.txt: no such file or folder"):
        discover([tmp_path, tmp_path / "缺.txt"])


def test_a_readme_tells_of_its_folder_and_is_left_out_unless_given_itself(tmp_path: Path) -> None:
    for name in ("README.md", "readme", "readme_规定.txt"):
        (tmp_path / name).write_text("甲。", encoding="utf-8")
    assert [file.source for file in discover([tmp_path]) if isinstance(file, SourceFile)] == ["readme_规定.txt"]
    assert [file.source for file in discover([tmp_path / "README.md"]) if isinstance(file, SourceFile)] == ["README.md"]
