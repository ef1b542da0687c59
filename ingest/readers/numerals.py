"""The numerals of automatic numbers: Chinese, Roman, letters, circled."""

import re

STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")


def chinese_numeral(number: int) -> str:
    """A whole number from 0 to 9,999 as it is counted in Chinese: 11 → 十一, 110 → 一百一十, 1005 → 一千零五."""
    if not 0 < number < 10_000:
        return "〇" if number == 0 else str(number)
    digits = [int(digit) for digit in f"{number:04}"]
    pieces = [
        ("零一二三四五六七八九"[digit] + unit) if digit else "零" for digit, unit in zip(digits, "千百十 ", strict=True)
    ]
    printed = re.sub("零+", "零", "".join(pieces).replace(" ", "")).strip("零")
    return printed.removeprefix("一") if 10 <= number < 20 else printed


def legal_numeral(number: int) -> str:
    """A number in the characters of banknotes: 11 → 壹拾壹."""
    printed = chinese_numeral(number)
    return (f"一{printed}" if 10 <= number < 20 else printed).translate(_LEGAL)


def chinese_digits(number: int) -> str:
    """A number digit by digit: 20 → 二〇."""
    return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def roman(number: int) -> str:
    """A number in small Roman numerals; beyond 3,999 in digits."""
    if not 0 < number < 4000:
        return str(number)
    printed = ""
    for value, sign in _ROMAN:
        printed += sign * (number // value)
        number %= value
    return printed


def letters(number: int) -> str:
    """A number as Word writes it in letters: 1 → a, 27 → aa, 28 → bb."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30) if number > 0 else str(number)


def from_row(number: int, first: str, length: int) -> str:
    """The numeral at a place of a row of characters (①, ⑴, ⒈); in digits beyond the row."""
    return chr(ord(first) + number - 1) if 1 <= number <= length else str(number)


def in_cycle(number: int, signs: str) -> str:
    """The sign of a cycle: 甲 乙 丙; in digits beyond it."""
    return signs[number - 1] if 1 <= number <= len(signs) else str(number)
