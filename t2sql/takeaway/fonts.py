"""Whether a picture made here can show Chinese: drawn and looked at, since names of fonts prove nothing."""

from __future__ import annotations

from functools import lru_cache

BANK = "银行"
FAMILIES = (
    "'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', "
    "'WenQuanYi Micro Hei', sans-serif"
)
"""For whoever opens a picture elsewhere; each program takes the first that it has."""


def has_chinese() -> bool:
    """Whether a font on this machine has Chinese characters. Takes a second or two the first time."""
    return has_glyphs(BANK)


@lru_cache(maxsize=16)
def has_glyphs(characters: str) -> bool:
    """Whether two different characters come out as two different pictures: without glyphs both are the same box."""
    first, second = (_drawn(character) for character in characters[:2])
    return first != second


def _drawn(character: str) -> bytes:
    import vl_convert

    spec = {
        "data": {"values": [{}]}, "width": 40, "height": 40, "mark": {"type": "text", "fontSize": 24, "font": FAMILIES},
        "encoding": {"text": {"value": character}},
    }  # fmt: skip
    return bytes(vl_convert.vegalite_to_png(spec, allowed_base_urls=[]))
