"""What is drawn on a form and is neither words nor a picture: named with its place, never lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xltool.findings import finding
from xltool.intake.checks.check import Check
from xltool.intake.content import Content, Placed
from xltool.intake.draft import LeftOver
from xltool.intake.grid import Drawn, Thing, a1
from xltool.model import Address

_FEW, _MANY = 3, 200
"""Up to so many on a sheet get a finding each, more share one, which lists so many."""

_ADVICE: Mapping[Thing, str] = {
    Thing.CHART: "如要當成果照片，請複製圖表，以「圖片」貼到「照片」欄位；數據請填到對應欄位",
    Thing.DIAGRAM: "如要當成果照片，請複製圖形，以「圖片」貼到「照片」欄位；文字請填到對應欄位",
    Thing.OBJECT: "表單不收附檔；檔案內的填報內容請填到對應欄位，檔案請另以電子郵件傳送",
    Thing.LINKED: "表單不收附檔；檔案內的填報內容請填到對應欄位，檔案請另以電子郵件傳送",
    Thing.SHAPE: "如用來圈選、遮蓋或標示，請改在欄位內填寫；蓋在照片上的圖案不會一併列入",
    Thing.INK: "如為核章或簽名，不必處理；如屬填報內容，請填到對應欄位",
}
_USUAL = "如屬填報內容，請填到對應欄位；否則不必處理"


class Beside(Check):
    """A chart, a diagram, an embedded file, ink, a shape, a tick: on no field of the form."""

    codes = ("S217", "S218")

    @classmethod
    def form(cls, content: Content) -> Iterator[Placed]:
        """What can be ticked with its state; each by itself, or many of a sheet in one."""
        for rest in content.draft.left_over:
            ticks = [one for one in rest.drawn if one.ticked]
            others = [one for one in rest.drawn if not one.ticked]
            for code, drawn in (("S217", others), ("S218", ticks)):
                yield from cls._told(content, rest, code, drawn)

    @staticmethod
    def _told(
        content: Content, rest: LeftOver, code: str, drawn: Sequence[Drawn]
    ) -> Iterator[Placed]:
        def placed(one: Drawn, value: str, advice: str) -> Placed:
            at = Address(content.file, rest.sheet, a1(one.row, one.col))
            place = (rest.place, one.row, one.col)
            return place, finding(code, at, value, advice=advice)

        if len(drawn) <= _FEW:
            for one in drawn:
                yield placed(one, _called(one), _ADVICE.get(one.what, _USUAL))
            return
        listed = "；".join(f"{a1(one.row, one.col)} {_called(one)}" for one in drawn[:_MANY])
        if len(drawn) > _MANY:
            listed += f"；另有 {len(drawn) - _MANY:,} 個，請見原檔"
        advice = {_ADVICE.get(one.what, _USUAL) for one in drawn}
        yield placed(drawn[0], listed, advice.pop() if len(advice) == 1 else _USUAL)


def _called(one: Drawn) -> str:
    """What it is, its words and its state."""
    words = f"「{one.words}」" if one.words else ""
    return f"{one.what}{words}{one.ticked}"
