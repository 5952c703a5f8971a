"""Annex 3 (附件3): 執行成果說明 as a Word document that a coordinator goes on editing.

Styles and numbering are those of the template (`tools/make_annex3_template.py` makes it, a
coordinator may restyle it in Word): styles are found by name, the numbering through them. What units
wrote goes in as plain text, and of it what the forms declare public alone: no handler, phone, person
or reward, no score or opinion (R7). A working copy also says what a unit changed.
"""

from __future__ import annotations

import io
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps

from xltool import zh
from xltool.columns import Column, asked, derived
from xltool.findings import Finding, finding
from xltool.forms import ENROLMENT, FORMS, MEETING, REPORT
from xltool.forms.layout import shown
from xltool.forms.of_year import of_year
from xltool.model import Address, Category, Dataset, Filing, HeldBack, Item, Metric, Picture
from xltool.outputs.held import TO_CORRECT, by_file, held_place, said
from xltool.outputs.shown import Shown, part
from xltool.outputs.word.document import (
    WIDTH,
    Reference,
    Writer,
    describe,
    one_line,
    open_template,
    save,
)
from xltool.plan import Plan
from xltool.rules.attainment import attained
from xltool.rules.outcomes import Confirmation, MeetingOutcome, Outcomes
from xltool.rules.quorum import CONSENSUS
from xltool.wording import the

Photo = Callable[[Picture], Path | None]
"""Gives the stored file of a picture, or None."""

PIXELS = 1600
"""Long side of a photo in the document: 300 dpi and more at the size it is printed."""
JPEG_QUALITY = 85
PHOTO_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
"""No others: Pillow would hand EPS to Ghostscript, which is no reader for a stranger's file."""
NO_ITEM = "本年度無辦理業務。"

_AIMS = tuple(asked(f"items.{key}") for key in ("audience", "method", "target", "partners"))
"""What an item sets out to do, for whom, and with whom."""
_RESULT = asked("report.result")
_METRICS = REPORT.titles["metrics"]
_PHOTOS = f"{_RESULT.label}{REPORT.titles['photos']}"


def write_annex3(
    path: Path,
    dataset: Dataset,
    outcomes: Outcomes,
    plan: Plan,
    *,
    photo: Photo,
    template: Path,
    working: bool = True,
) -> list[Finding]:
    """Write the document of R6 (附件3) to `path`; the same input gives the same bytes.

    Items stand under their category in the order of 業務編號. A working copy (`working`) also says,
    in remarks of a style of their own, what is still missing; of a complete year it is the final one.
    Returns a C411 for each photo that cannot be shown, and a C415
    for each part whose text names staff or gives contacts. Raises WorkspaceError when a coordinator's
    template cannot be opened, or lacks a style or its numbering.
    """
    document = open_template(template)
    writer = Writer(document, template, _private(dataset, plan), working=working)
    writer.paragraph("title", _title(plan))
    writer.paragraph("subtitle", f"資料截止時間：{plan.data_until}")
    _overview(writer, dataset, outcomes, plan)
    _achievements(writer, dataset, plan, photo)
    _next_steps(writer, dataset, plan)
    describe(document, _title(plan), plan)
    save(document, path)
    return writer.findings


def _title(plan: Plan) -> str:
    return f"{plan.agency} {plan.year} 年度提升服務效能執行成果說明"


# --- 壹、辦理提要 -------------------------------------------------------------------------------


def _overview(w: Writer, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> None:
    """壹: why, how, and what was done this year, drafted from the data."""
    w.heading(1, "辦理提要")
    w.heading(2, "作業緣由")
    w.paragraph("段落", _reason(plan))
    w.heading(2, "辦理方式")
    for text in _procedure(plan):
        w.listed(3, text)
    w.heading(2, "年度重要工作")
    _work_of_the_year(w, dataset, outcomes, plan)
    if dataset.items:
        _list_items(w, dataset, plan)
        _by_unit(w, dataset, plan)
    w.leak_remark("壹、辦理提要")


def _reason(plan: Plan) -> str:
    """作業緣由: on what the year rests, and to whom its results go."""
    return (
        f"{plan.agency}（以下簡稱{plan.short}）依據{plan.basis}，訂定「{plan.title}」，"
        f"聚焦{'及'.join(Category)}{len(Category)}大類別之服務，提升為民服務效能；並依該計畫{the.reporting}，"
        f"將{plan.year}年度執行績效與成果彙整報{plan.parent}。"
    )


def _procedure(plan: Plan) -> Iterator[str]:
    """辦理方式: who takes part, what they do, who looks after them."""
    kinds = Counter(unit.kind for unit in plan.units)
    units = "".join(f"{number}{kind}" for kind, number in kinds.items())
    yield f"實施對象：{plan.short}所有{the.units}，計{units}。"
    yield (
        f"辦理程序：由各{the.units}選定年度參與業務、服務類別及執行方法，年底填報執行成果，並就"
        f"{'、'.join(c.name for c in plan.criteria)}等{len(plan.criteria)}項構面辦理自行考核。"
    )
    yield (
        f"督導考核：由各{the.units}單位業務主管或專門委員以上層級組成「提升服務效能督導小組」，"
        f"就所轄{the.units}之辦理情形提出書面意見，並視需要召開會議研商。"
    )


def _work_of_the_year(w: Writer, dataset: Dataset, outcomes: Outcomes, plan: Plan) -> None:
    """年度重要工作: who takes part and has reported, what was reviewed and decided; what is missing."""
    _taking_part(w, dataset, plan)
    w.listed(3, _reported(dataset, outcomes, plan))
    if reviewed := sum(any(r.opinion for r in item.reviews) for item in dataset.items):
        w.listed(3, f"書面意見：督導小組成員就{reviewed}項業務提出書面意見。")
    for meeting in outcomes.meetings:
        _meeting(w, meeting, outcomes.confirmations, words=plan.group.publish_resolutions)
    for one in outcomes.confirmations:
        if one.settled and not one.holds:
            w.remark(f"{one.item} 經{one.meeting}會議決定不列入參與業務，單位尚未刪除，請確認。")
    for held in by_file(_held(dataset)):
        w.remark(f"{held_place(held)}，未列入本說明。")
    if not outcomes.meetings and not dataset.held_back(MEETING.key):
        w.remark("尚無督導小組會議紀錄；如已召開，請補登會議紀錄表。")
    if late := [f for f in _reports(dataset) if not f.filed and not f.blocked]:
        w.remark(f"尚未完成執行成果填報：{_names(late, plan)}。")


_HELD = {
    ENROLMENT.key: ("items",),
    REPORT.key: ("report", "metrics", "photos", "scores"),
    MEETING.key: ("meeting", "attendance", "motions"),
}
"""The sections of which the document tells."""


def _held(dataset: Dataset) -> list[HeldBack]:
    """What is held back that would stand in the document."""
    return [one for one in dataset.held if one.form in _HELD and one.touches(*_HELD[one.form])]


def _taking_part(w: Writer, dataset: Dataset, plan: Plan) -> None:
    """How many units take part with how many items, and which with none."""
    items = dataset.items
    units = {item.unit for item in items}
    counts = "、".join(f"{c}類{sum(i.category is c for i in items)}項" for c in Category)
    text = f"參與業務：{plan.year}年度計{len(units)}個單位參與，辦理業務{len(items)}項（{counts}）"
    nil = [f for f in dataset.filings if f.form == ENROLMENT.key and f.nil and not f.blocked]
    others = f"；另{_names(nil, plan)}本年度無參與業務。" if nil else "。"
    if items:
        w.listed(3, f"{text}，各項業務如", w.reference("表"), others)
    else:
        w.listed(3, text + others)


def _reports(dataset: Dataset) -> list[Filing]:
    return [f for f in dataset.filings if f.form == REPORT.key]


def _reported(dataset: Dataset, outcomes: Outcomes, plan: Plan) -> str:
    """How many units filed their results, for how many items, how many of them wholly scored."""
    filed = [f for f in _reports(dataset) if f.filed and not f.blocked]
    text = f"成果填報：{len(plan.units)}個單位中，{len(filed)}個單位完成填報"
    if nil := [f for f in filed if f.nil]:
        text += f"（其中{_names(nil, plan)}本年度無執行成果）"
    reported = sum(item.reported for item in dataset.items)
    scored = sum(score.self_total.value is not None for score in outcomes.scoring.items)
    return f"{text}，計有{reported}項業務提報執行成果，{scored}項完成全部構面之自評。"


def _list_items(w: Writer, dataset: Dataset, plan: Plan) -> None:
    """The table of the year's items."""

    def unit(item: Item) -> str:
        return plan.unit_name(item.unit)

    w.caption("表", f"{plan.year}年度參與業務一覽", above=True)
    w.table(
        (
            part("id", asked("items.item").label, 1220, centred=True),
            Shown(asked("items.name"), 3486),
            Shown(derived("unit", asked("filing.unit").label, unit), 2666),
            Shown(
                derived("category", asked("items.category").short, _category), 1700, centred=True
            ),
        ),
        [(item,) for item in sorted(dataset.items, key=_order)],
        f"{plan.year}年度各單位參與業務之編號、名稱、單位及服務類別",
    )


@dataclass(frozen=True)
class _Share:
    """A unit's items by category, and how many of its indicators reached their targets."""

    unit: str
    items: Sequence[Item]

    def of(self, category: Category) -> str:
        count = sum(item.category is category for item in self.items)
        return f"{count}" if count else "－"

    @property
    def reached(self) -> str:
        rates = [attained(one.target, one.actual) for item in self.items for one in item.metrics]
        known = [rate for rate in rates if rate is not None]
        return f"{sum(rate >= 100 for rate in known)}／{len(known)}" if known else "－"


def _by_unit(w: Writer, dataset: Dataset, plan: Plan) -> None:
    """The table of units by categories; indicators count where a rate can be told (decision 0020)."""

    def counted(category: Category) -> Shown:
        def of(row: _Share) -> str:
            return row.of(category)

        return Shown(derived(category.name, category, of, "items.category"), 1700, centred=True)

    shares = [
        _Share(unit.name, [item for item in dataset.items if item.unit == unit.code])
        for unit in plan.units
    ]
    total = _Share("合計", dataset.items)
    w.caption("表", f"{plan.year}年度各單位參與業務數與指標達成情形", above=True)
    w.table(
        (
            part("unit", asked("filing.unit").label, 3172),
            *map(counted, Category),
            part("reached", "指標達成／可計算", 2500, centred=True),
        ),
        [(one,) for one in (*(share for share in shares if share.items), total)],
        f"{plan.year}年度各單位各服務類別之業務數與達成目標之指標數",
    )


def _category(item: Item) -> str:
    return item.category or "待確認"


def _meeting(
    w: Writer, meeting: MeetingOutcome, confirmed: Iterable[Confirmation], *, words: bool
) -> None:
    """A meeting that was valid, how many items it confirmed and motions it decided (附件2、四、(二)); in
    its own `words` only where the settings say so: they may tell ranks, opinions, names (R7)."""
    name = w.say(meeting.no)
    if not meeting.quorate:
        w.remark(f"{name}會議出席{meeting.present}人，未過半數，未列入本說明。")
        return
    day = f"於{zh.roc_long(meeting.day)}" if meeting.day else ""
    text = f"督導小組會議：{day}召開{name}會議，成員{meeting.members}人，出席{meeting.present}人"
    decided = [motion for motion in meeting.motions if motion.basis]
    if count := sum(one.meeting == meeting.no and one.holds for one in confirmed):
        text += f"，確認業務項目及執行成果目標{count}項"
    if decided:
        text += "，決議如下：" if words else f"，作成決議{len(decided)}案。"
    w.listed(3, text if decided else f"{text}。")
    for motion in decided if words else ():
        subject, decision = (
            " ".join(w.say(part).split("\n")).rstrip("。")
            for part in (motion.subject, motion.decision)
        )
        basis = "出席成員達成共識" if motion.basis == CONSENSUS else motion.basis
        chosen = f"{motion.verdict}，" if motion.verdict else ""
        w.listed(4, f"{subject}：{decision}（{chosen}{basis}）。")
    undecided: dict[str, list[str]] = {}
    for motion in meeting.motions:
        if not motion.basis:
            undecided.setdefault(motion.undecided, []).append(motion.no)
    for reason, motions in undecided.items():
        w.remark(f"{name}會議第{'、'.join(motions)}案{reason}，未列入本說明。")


def _names(filings: Iterable[Filing], plan: Plan) -> str:
    return "、".join(plan.unit_name(filing.unit) for filing in filings)


# --- 貳、推動成效 and 參、未來精進方向 -------------------------------------------------------------


def _order(item: Item) -> tuple[str, str]:
    return item.unit, item.id


def _by_category(w: Writer, dataset: Dataset) -> Iterator[Item]:
    """Write the headings 一、 and 二、, giving out the items that stand under each.

    An item without a category is never dropped: it comes last, under a heading that says so. Nor is it
    said that there is none where an enrolment waits to be corrected.
    """
    items = dataset.items
    waiting = [one for one in dataset.held_back(ENROLMENT.key) if one.touches("items")]
    groups: list[tuple[str, Category | None]] = [(f"{c}類", c) for c in Category]
    if any(item.category is None for item in items):
        groups.append(("服務類別待確認", None))
    for title, category in groups:
        w.heading(2, title)
        members = sorted((i for i in items if i.category is category), key=_order)
        if not members and not waiting:
            w.paragraph("段落", NO_ITEM)
        for held in by_file(waiting if not members else ()):
            w.remark(f"{held_place(held)}，更正後列出。")
        yield from members


def _head(w: Writer, item: Item, plan: Plan) -> None:
    w.heading(3, f"{one_line(w.say(said(item, 'items.name')))}（{plan.unit_name(item.unit)}）")


def _achievements(w: Writer, dataset: Dataset, plan: Plan, photo: Photo) -> None:
    """貳: by category, then item by item."""
    nil = {f.unit for f in _reports(dataset) if f.nil and not f.blocked}
    form = of_year(REPORT, plan)
    own = [asked(id_, form) for id_, one, _ in form.asked.values() if one.added and one.public]
    w.heading(1, "推動成效")
    for item in _by_category(w, dataset):
        _head(w, item, plan)
        w.heading(4, "服務對象與執行方法")
        _aims(w, item)
        w.heading(4, _RESULT.label)
        _result(w, item, nil=item.unit in nil)
        _photos(w, item, photo)
        if item.metrics:
            w.heading(4, _METRICS)
            _metrics(w, item)
        for column in own:
            _own(w, item, column)
        w.leak_remark(f"貳、推動成效 {item.id}")


def _own(w: Writer, item: Item, column: Column) -> None:
    """What was asked this year beside the plan's own fields, and is to be published."""
    text = shown(item.answer(column.id).value)
    if at := _held_at(item, column.id):
        w.remark(f"{column.label}{TO_CORRECT}（{at}）。")
    elif text:
        w.heading(4, one_line(column.label))
        w.prose("項目段落", text, level=5)


def _aims(w: Writer, item: Item) -> None:
    """What the item set out to do, each in one paragraph or with its lines below it."""
    for column in _AIMS:
        lines = w.say(said(item, column.id)).split("\n")
        if len(lines) > 1:
            w.listed(5, f"{column.label}：")
            for line in lines:
                w.paragraph("條列續段", line)
        elif lines != [""]:
            w.listed(5, f"{column.label}：{lines[0]}")
    if item.change:
        w.remark(f"單位說明與調查表不同之處：{w.say(item.change)}")


def _result(w: Writer, item: Item, *, nil: bool) -> None:
    """What was done, that there was nothing to do (`nil`), or that the unit has not said."""
    if item.result:
        w.prose("項目段落", item.result, level=5)
    elif at := _held_at(item, "report.result"):
        w.remark(f"{_RESULT.label}{TO_CORRECT}（{at}）。")
    elif nil:
        w.paragraph("項目段落", "本年度無執行成果。")
    else:
        w.missing("項目段落")


def _held_at(item: Item, key: str) -> Address | None:
    """Where an answer stands that is held back; None where none is."""
    answer = item.answer(key)
    return answer.at if answer.fault else None


def _rate(metric: Metric) -> str:
    rate = attained(metric.target, metric.actual)
    return "" if rate is None else f"{rate}%"


_NAME, _NOTE = Shown(asked("metrics.name"), 2600), Shown(asked("metrics.note"), 2222)
_NUMBERS = (
    Shown(asked("metrics.unit"), 900, centred=True),
    Shown(asked("metrics.target"), 1200, centred=True),
    Shown(asked("metrics.actual"), 1200, centred=True),
    Shown(derived("rate", "達成率", _rate, "metrics.target", "metrics.actual"), 1150, centred=True),
)


def _metrics(w: Writer, item: Item) -> None:
    """The indicators as a table; a column in which nothing stands is left out, and its room given to the
    first."""
    name = one_line(w.say(item.name))
    rows = [(metric,) for metric in item.metrics]
    kept = [one for one in (*_NUMBERS, _NOTE) if any(one.column.value(row) for row in rows)]
    first = replace(_NAME, width=WIDTH - sum(one.width for one in kept))
    w.caption("表", f"{name}{_METRICS}", above=True)
    told = "、".join(one.column.label for one in kept)
    w.table((first, *kept), rows, f"{name}各項指標之{told}")


def _photos(w: Writer, item: Item, photo: Photo) -> None:
    """The photos that can be shown, two beside each other; of the others, what is the matter."""
    shown = []
    for at, picture in enumerate(item.pictures, 1):
        try:
            shown.append((_jpeg(photo(picture)), one_line(w.say(picture.caption))))
        except _UnusablePhotoError as error:
            w.findings.append(finding("C411", picture.at, str(error)))
            w.remark(f"第{at}張照片無法讀取（{error}），未列入。")
    if not shown:
        return
    name = one_line(w.say(item.name))
    span: list[str | Reference] = [w.reference("圖")]
    if len(shown) > 1:
        span += ["至", w.reference("圖", ahead=len(shown))]
    w.paragraph("項目段落", f"{_PHOTOS}如", *span, "。", keep=True)
    w.photos(
        [(jpeg, caption or f"{name}{_RESULT.label}") for jpeg, caption in shown],
        f"{name}{_PHOTOS}",
    )


def _next_steps(w: Writer, dataset: Dataset, plan: Plan) -> None:
    """參: what each item will strengthen next."""
    w.heading(1, "未來精進方向")
    for item in _by_category(w, dataset):
        _head(w, item, plan)
        if item.next_steps:
            w.prose("項目段落", item.next_steps, level=4)
        elif at := _held_at(item, "report.next_steps"):
            w.remark(f"{asked('report.next_steps').label}{TO_CORRECT}（{at}）。")
        else:
            w.missing("項目段落")
        w.leak_remark(f"參、未來精進方向 {item.id}")


# --- What stays behind (R7) --------------------------------------------------------------------


_PERSONAL = frozenset(
    one.id
    for form in FORMS.values()
    for one in form.asked.values()
    if one.field.personal and not one.choices
)
"""What staff write of themselves and others. A word chosen from a list, like a reward, names nobody."""
_TITLED = frozenset({"meeting.chair"})
"""Where the office, which is public, stands before the name: 主任秘書 許召平."""


def _private(dataset: Dataset, plan: Plan) -> tuple[str, ...]:
    """What identifies staff: C415 says where a unit's own prose holds any of it (R7)."""
    values = set(_contacts(plan))
    for noun in dataset.nouns():
        for id_, answer in noun.answers.items():
            if id_ in _PERSONAL and (words := str(answer.value or "").split()):
                values.add(words[-1] if id_ in _TITLED else str(answer.value))
    return tuple(sorted(value for value in values if len(value) > 1))


def _contacts(plan: Plan) -> Iterator[str]:
    """The persons that the year's settings name, and how to reach them."""
    yield from (plan.contact_name, plan.contact_phone, plan.contact_email, plan.group.convener)
    for unit in plan.units:
        yield from (unit.contact, unit.email)
    for item in plan.carried:
        yield from (item.handler, item.phone)
    for person in plan.rewarded:
        yield from (person.name, person.staff_id)
    for member in plan.last_members:
        yield from (member.name, member.email)


# --- Photos -----------------------------------------------------------------------------------


class _UnusablePhotoError(Exception):
    """A photo that cannot be shown; the message says why, in Chinese."""


def _jpeg(path: Path | None) -> bytes:
    """The photo upright, at most `PIXELS` long, as a JPEG of nothing but the picture.

    Where and when it was taken, and with which camera, stays behind (R7).
    """
    if path is None or not path.is_file():
        raise _UnusablePhotoError("找不到照片檔")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which are left behind anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=PHOTO_FORMATS) as source:
                return _encoded(_upright(source))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _UnusablePhotoError("像素過多") from error
    except Exception as error:  # on damaged metadata Pillow raises whatever comes
        raise _UnusablePhotoError("檔案毀損或格式不支援") from error


def _upright(source: Image.Image) -> Image.Image:
    """The photo as it was seen, in red, green and blue on white, small enough."""
    source.draft("RGB", (PIXELS, PIXELS))  # JPEG decodes small at once, much faster
    ImageOps.exif_transpose(source, in_place=True)
    image = source
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    if image.mode != "RGB":
        image = image.convert("RGB")
    image.thumbnail((PIXELS, PIXELS), Image.Resampling.BICUBIC)
    return image


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.info.clear()  # from where Pillow would take comments and the like
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
