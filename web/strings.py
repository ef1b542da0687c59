"""The words of the interface, in Chinese and in English."""

import streamlit as st

LANGUAGES = ("中文", "English")
_WORDS = {
    "ask": ("问答", "Ask"),
    "phrases": ("提法", "Phrases"),
    "documents": ("文库", "Documents"),
    "language": ("语言", "Language"),
    "motto": ("答案只用原文，句句有出处", "Answers in the documents' own words, each with its source"),
    "question": ("问题", "Question"),
    "question_hint": ("例如：“五个更”的要求是什么？", "For example: what are the 'five mores' requirements?"),
    "examples": ("可以这样问", "You could ask"),
    "nearest": ("相近的段落（不是答案）", "Nearest passages (not an answer)"),
    "quotations": ("原文", "Quotations"),
    "open": ("在文件中查看", "See in the document"),
    "copy": ("复制引文", "Copy with source"),
    "copied": ("已复制", "Copied"),
    "filters": ("范围", "Which documents"),
    "all": ("不限", "All"),
    "kind": ("种类", "Kind"),
    "issuer": ("机关", "Issuer"),
    "status": ("时效", "Status"),
    "years": ("年份", "Years"),
    "phrase": ("词句", "Words"),
    "phrase_hint": ("一字不差地查，例如：高质量发展", "Exactly as written, for example: 高质量发展"),
    "phrase_motto": (
        "这个提法何时开始用、怎么用、用了多少次",
        "Since when, how and how often these words have been used",
    ),
    "occurrences": ("处", "occurrences"),
    "in_documents": ("份文件", "documents"),
    "first": ("最早", "First"),
    "last": ("最近", "Last"),
    "by_year": ("各年次数（日期不详的文件不计）", "Occurrences a year (undated documents left out)"),
    "never": ("文库里没有这样写的地方。", "Nothing in the documents is worded like this."),
    "similar": ("相近写法", "Near wordings"),
    "lines": ("上下文", "In context"),
    "csv": ("下载 CSV", "Download CSV"),
    "page": ("页", "Page"),
    "undated": ("日期不详", "undated"),
    "document": ("文件", "Document"),
    "document_hint": ("选择或输入文件名", "Choose, or type part of a name"),
    "contents": ("目录", "Contents"),
    "library": ("文库共有", "The library holds"),
    "newest_only": (
        "只列最近的文件，其余请在上面的框里查找。",
        "Only the newest are listed; find others in the box above.",
    ),
    "notice": ("索引有需要注意的情况：", "The index needs attention:"),
    "failed": ("没有办成：", "That did not work:"),
    "number": ("文号", "Number"),
    "date": ("日期", "Date"),
    "speaker": ("讲话人", "Speaker"),
    "occasion": ("场合", "Occasion"),
    "effective": ("施行日期", "Effective"),
    "came_with": ("随此件印发或寄来", "It came with"),
    "attachments": ("附件", "What came with it"),
    "corrected": ("已更正", "Corrected"),
    "was_read": ("原读作：", "read: "),
    "nothing": ("无", "nothing"),
    "renamed": ("现在叫", "is now"),
    "field_title": ("标题", "title"),
    "field_kind": ("种类", "kind"),
    "field_issuer": ("机关", "issuer"),
    "field_number": ("文号", "number"),
    "field_date": ("日期", "date"),
    "field_adopted": ("通过日期", "adopted"),
    "field_published": ("公布日期", "published"),
    "field_effective": ("施行日期", "effective"),
    "field_expires": ("有效期至", "expires"),
    "field_speaker": ("讲话人", "speaker"),
    "field_occasion": ("场合", "occasion"),
    "field_region": ("地区", "region"),
    "field_status": ("时效", "status"),
    "field_repeals": ("废止的文件", "repeals"),
    "copies": ("同文的文件", "Copies of it"),
    "of_them_copies": ("份与其中别的同文", "of them copies of others"),
    "compare": ("与另一版逐条比较", "Compare with another version"),
    "compare_hint": ("选一版", "Choose a version"),
    "article_same": ("相同", "Same"),
    "article_changed": ("有改动", "Changed"),
    "article_added": ("新增", "Added"),
    "article_dropped": ("删去", "Dropped"),
    "referred_by": ("引用本文件的有", "Referred to by"),
    "whole": ("全文", "the whole"),
    "means_other_version": ("所引是当时的另一版", "means the version of its time"),
    "means_perhaps": ("所引可能是这一版", "may mean this version"),
    "reference_other_version": ("文库里没有当时的版本，现有：", "The version of that time is not held; there is "),
    "reference_ambiguous": ("可能是：", "May be "),
    "reference_missing": ("不在文库里：", "Not in the library: "),
    "reference_unclear": ("未指明是哪份文件或哪一处", "The text does not say which document or place"),
}


def switch_language() -> None:
    """Offer the choice of language, kept in the address as `lang`."""
    st.segmented_control(
        " / ".join(_WORDS["language"]), LANGUAGES, default=LANGUAGES[0], required=True, key="lang",
        bind="query-params", persist_state="session", label_visibility="collapsed",
    )  # fmt: skip


def say(key: str) -> str:
    """The words for a key of the table in the language chosen."""
    return _WORDS[key][LANGUAGES.index(language())]


def language() -> str:
    """The language chosen, one of `LANGUAGES`."""
    return st.session_state.get("lang") or LANGUAGES[0]
