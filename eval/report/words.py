"""The Chinese words of a report. What is measured keeps the name of its field beside them."""

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "recall@1": "第1段里找到的依据占比",
    "recall@5": "前5段里找到的依据占比",
    "recall@10": "前10段里找到的依据占比",
    "MRR": "第一条依据名次的倒数，取平均",
    "answer evidence": "答案引到的依据占比",
    "item recall": "该列的条目列出的占比",
    "item precision": "列出的条目该列的占比",
    "item F1": "条目召回率与准确率的调和平均",
    "complete lists": "条目一条不缺的列举题占比",
    "refusal precision": "拒答的题里确无答案的占比",
    "refusal recall": "无答案的题里拒答的占比",
    "refusal F1": "拒答准确率与召回率的调和平均",
    "answerable refused": "有答案却拒答的占比，越低越好",
    "verbatim": "与原文逐字一致的引文占比",
}
"""What each measure says, in a line."""

BASES: Mapping[str, str] = {"verbatim": "条引文", "refusal precision": "道拒答", "refusal F1": "道（拒答加无答案）"}
"""What a measure is counted over, where that is not questions."""

TYPES: Mapping[str, str] = {
    "citation": "条文",
    "definition": "释义",
    "english": "英文提问",
    "enumeration": "列举",
    "factoid": "事实",
    "passage": "段落",
    "phrasing": "提法",
    "rule": "规则",
    "unanswerable": "无答案",
    "version": "版本",
}
LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "英文"}
KINDS: Mapping[str, str] = {
    "article": "条文",
    "definition": "释义",
    "enumeration": "列举",
    "fact": "事实",
    "passage": "原文",
    "refusal": "拒答",
}
"""Kinds of answers."""

VERDICTS: Mapping[str, str] = {
    "right": "答对",
    "rightly refused": "正确拒答",
    "partly": "部分答对",
    "wrong": "答错",
    "refused": "误拒",
    "not refused": "该拒未拒",
}
"""Verdicts from good to bad."""
WENT_WRONG = ("partly", "wrong", "refused", "not refused")

SPLITS: Mapping[str, str] = {"dev": "开发题", "held-out": "保留题"}
LEVELS: Mapping[str, str] = {"fatal": "不能用", "error": "有误", "note": "留意"}
"""Levels of what is wrong with a question file."""


def group_words(group: str) -> Mapping[str, str]:
    """The words for the names in a group of `eval.summary.GROUPS`; document kinds are Chinese as they are."""
    return {"by_type": TYPES, "by_language": LANGUAGES}.get(group, {"—": "无依据文件"})
