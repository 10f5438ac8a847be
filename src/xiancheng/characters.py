"""How people write the same word with other characters: full-width signs, traditional characters, 20%, 9万.

A name is found whichever way it is written; a number is not guessed, but the way out is told.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list

_TRADITIONAL = (
    "佈佔來侷係備傢債價億償優儲兒兗內兩冊凈劃劑動務勞區卽厤參員單噹嚴國園場墾壓壽嬰學寧審寬專層峯島崗嵐嵗嶗嶧嶽幣廕廠廣張後徑復態慶應懞戶掃換損擔敎數旣昇時曆會朮東査條棗棲業榮構樂樑標橋機檢"
    "檯歲歷氣汙淨減測準溼滄潔澇澤濕濛濟濰濱無煙熱營爾牀狀現環產産甯當療發監矇礎礙穀積節築約納級結給統經綜綠綫維網綿緊緑線緩縣縮總繕繫繳纔羅義職脩膠臨臺與興舊莊菸萊萬蓋蓮蔘蔭蕪蘭術衕衛裏補裝"
    "裡製複覈規計訓託記設調諸負財貨費貼賃資購車載輛轉辦農迴週進運過達遠適遷鄆鄉鄒醫鉅鋼鍵鎭鎮長開閑閒間閤闆關陞陰陽際隨險隱難雲電霑靈韆韌項預領額類風颱養餘饒體髮魚麪麫麯麴麵黃點齊齡齣龍𡻕"
)
_SIMPLIFIED = (
    "布占来局系备家债价亿偿优储儿兖内两册净划剂动务劳区即历参员单当严国园场垦压寿婴学宁审宽专层峰岛岗岚岁崂峄岳币荫厂广张后径复态庆应蒙户扫换损担教数既升时历会术东查条枣栖业荣构乐梁标桥机检"
    "台岁历气污净减测准湿沧洁涝泽湿蒙济潍滨无烟热营尔床状现环产产宁当疗发监蒙础碍谷积节筑约纳级结给统经综绿线维网绵紧绿线缓县缩总缮系缴才罗义职修胶临台与兴旧庄烟莱万盖莲参荫芜兰术同卫里补装"
    "里制复核规计训托记设调诸负财货费贴赁资购车载辆转办农回周进运过达远适迁郓乡邹医巨钢键镇镇长开闲闲间合板关升阴阳际随险隐难云电沾灵千韧项预领额类风台养余饶体发鱼面面曲曲面黄点齐龄出龙岁"
)
"""Pairs of characters that names of places, levers, indicators and scenarios of the study are written with, as of the
table of OpenCC (Apache 2.0); a character outside of them stays as it is."""
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}
_TO_NARROW = str.maketrans(_WIDE)
_QUOTES = {"“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "【": "[", "】": "]"}
_SIGNS = {sign: plain for sign, plain in _WIDE.items() if not plain.isalnum() and plain != " "} | _QUOTES
"""Signs of Chinese typesetting, and the ones that files are written with."""
_TIMES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_AMOUNT = re.compile(r"(?P<digits>[+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<unit>[%‰百千万亿]*)")
_MOST, _LIKE = 3, 0.5
"""Names that a hint tells, and how like a title has to be."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def narrow(word: str) -> str:
    """Return a word with letters, digits and signs of half width."""
    return word.translate(_TO_NARROW)


def simplified(word: str) -> str:
    """Return a word with simplified characters."""
    return word.translate(_TO_SIMPLIFIED)


def plain(name: str) -> str:
    """Return a name without what people write differently: case, spaces, apostrophes, width, traditional characters."""
    return simplified(narrow(name)).strip().lower().replace(" ", "").replace("'", "").replace("’", "")


def wide_signs(line: str) -> Phrase | str:
    """Return the hint for a line with full-width signs outside of quotation marks, "" where there are none."""
    signs = dict.fromkeys(sign for sign in _QUOTED.sub("", line) if sign in _SIGNS)
    if not signs:
        return ""
    return phrase("characters.wide", signs=" ".join(signs), plain=" ".join(_SIGNS[sign] for sign in signs))


def amount(word: str) -> Phrase | str:
    """Return the hint for a number with a sign of per cent, 万, commas or full-width digits; "" for other words."""
    narrowed = simplified(narrow(word)).strip()
    match = _AMOUNT.fullmatch(narrowed)
    if match is None or (narrowed == word and not match["unit"] and "," not in word):
        return ""
    value = float(match["digits"].replace(",", ""))
    unit = match["unit"]
    if unit in ("%", "‰"):
        share = value / (100 if unit == "%" else 1000)
        return phrase("characters.percent", plain=f"{value:.12g}", share=f"{share:.12g}")
    for sign in unit:
        value *= _TIMES.get(sign, 1.0)
    return phrase("characters.number", plain=f"{value:.15g}")


def titles(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what each entry of a table of levers, indicators, assumptions or scenarios is called, by its id."""
    return {name: tuple(getattr(entry, "title", {}).values()) for name, entry in table.items()}


def _bare(name: str) -> str:
    return plain(name).replace("_", "")


def id_of(word: str, titles: Mapping[str, Iterable[str]]) -> str | None:
    """Return the id that one of whose titles is a word, however it is written; None where none or several are.

    Args:
        word: as written.
        titles: what each id is called, in every language.
    """
    ids = [name for name, own in titles.items() if _bare(word) in map(_bare, (name, *own))]
    return ids[0] if len(ids) == 1 else None


def near(word: str, titles: Mapping[str, Iterable[str]], more: Iterable[str] = ()) -> Phrase:
    """Return the hint for an unknown word: ids whose titles hold it, else the nearest names.

    Args:
        word: as written.
        titles: what each id is called, in every language.
        more: names without titles.
    """
    sought, exact = plain(word), id_of(word, titles)
    if exact is not None:
        return phrase("hint.did_you_mean", names=exact)
    holding = [name for name, own in titles.items() if any(sought in plain(title) for title in own)] if sought else []
    if holding and len(holding) <= _MOST:
        return phrase("hint.did_you_mean", names=phrase_list(holding))
    called = {title: name for name, own in titles.items() for title in own}
    hint = did_you_mean(narrow(word), [*titles, *more])
    if hint.key != "hint.look_it_up":
        return hint
    close = difflib.get_close_matches(simplified(word), called, n=_MOST, cutoff=_LIKE)
    return phrase("hint.did_you_mean", names=phrase_list(called[title] for title in close)) if close else hint
