from ingest.model import Document, DocumentInfo


def test_a_stretch_is_recognised_where_one_of_its_pages_is() -> None:
    # Pages begin at 0, 4 and 8; the second was recognised.
    document = Document(DocumentInfo("1", "a.pdf", "甲"), "一二三\n四五六\n七八九", pages=(0, 4, 8), recognised=(2,))
    assert [document.is_recognised(*span) for span in ((0, 3), (4, 7), (2, 5), (8, 11), (3, 4))] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert not Document(DocumentInfo("1", "a.txt", "甲"), "一二三").is_recognised(0, 3)
