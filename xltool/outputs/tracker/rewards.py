"""敘獎 (柒): what the personnel office works with, and everybody who was named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xltool.columns import asked
from xltool.forms import CONTEST, REPORT
from xltool.model import Entry, Person
from xltool.outputs.held import TO_CORRECT, by_file, held_text
from xltool.outputs.reward_words import UNSETTLED, absorbed_text, differing_settings, pending_text
from xltool.outputs.style import TrackerColour
from xltool.outputs.tracker.shown import (
    FOR_HR,
    HOW,
    NOTE,
    Shown,
    Told,
    TrackerSheet,
    own,
    sheet,
    show,
)
from xltool.rules.outcomes import RewardLine, SelfProposal
from xltool.wording import the

_PERSON = (
    show("people.name", 10, centred=True),
    show("people.title", 10),
    show("people.staff_id", 11, centred=True),
    show("people.staff_kind", 11),
    show("people.grade", 13),
)
_ROLE, _DEED = show("people.role", 11), show("people.deed", 30)
_REWARD = asked("people.proposed", CONTEST).label
_TAB: dict[str, Any] = {"footer": FOR_HR, "tab": TrackerColour.PERSONAL_TAB.bare}


def _unit(told: Told) -> Shown:
    def unit(person: Person, *_: object) -> str:
        return told.plan.unit_name(person.unit)

    return own("filing.unit", asked("filing.unit").label, 13, unit, "people.unit")


# --- 參選案 -------------------------------------------------------------------------------------


def entries(told: Told) -> TrackerSheet:
    """The 政府服務獎 entries as the coordinator registered them."""

    def unit(entry: Entry) -> str:
        return told.plan.unit_name(entry.unit)

    return sheet(
        CONTEST.titles["entries"],
        f"{told.plan.year}年度{the.contest}{CONTEST.titles['entries']}",
        (
            f"屆別為{the.contest}的屆次，與計畫年度不同；參選結果以最高階段登錄（{the.rewards}）",
            HOW,
        ),
        (
            show("entries.entry", 9, centred=True),
            show("entries.name", 40),
            show("entries.term", 9, centred=True),
            own("entries.unit", asked("entries.unit").label, 24, unit, "entries.unit"),
            show("entries.item", 10, centred=True),
            show("entries.stage", 16, centred=True, toned=True),
            NOTE,
        ),
        ((entry,) for entry in told.dataset.entries),
        key=("entries.entry",),
        whole=told.whole((CONTEST, "entries")),
        frozen=2,
    )


# --- 敘獎 (柒、二) ---------------------------------------------------------------------------------


class _Line(NamedTuple):
    """A line: the person, what the rules give him, the line's number, the entry as registered."""

    person: Person
    line: RewardLine
    number: int
    entry: Entry | None


def rewards(told: Told) -> TrackerSheet:
    """R4: one line a person, at the highest reward that he is entitled to."""
    return sheet(
        "敘獎",
        f"{told.plan.year}年度參與{the.contest}敘獎（人事作業用）",
        (
            f"{FOR_HR}；「最高」為上限，「固定」為核定額度；同一人擇最高額度，不重複敘獎（{the.once}）",
            "標示「待釐清」者須先處理檢核結果（R5 開頭）再報送",
            *differing_settings(told.findings),
            *_not_listed(told),
            HOW,
        ),
        (
            own("number", "項次", 6, _number, centred=True),
            _unit(told),
            *_PERSON,
            own("entries.entry", CONTEST.titles["entries"], 18, _entry,
                "entries.entry", "entries.name"),
            own("entries.term", asked("entries.term").label, 9, _term, "entries.term",
                centred=True),
            own("entries.stage", asked("entries.stage").label, 11, _stage, "entries.stage",
                centred=True),
            own("people.role", asked("people.role").label, 11, _role, "people.role"),
            own("reward", "獎懲種類", 12, _reward, "people.role", rule=_RULE,
                centred=True, toned=True),
            own("reward.bound", "額度", 12, _bound),
            own("clause", "依據條款", 12, _clause),
            own("absorbed", f"已併入（{the.once}）", 26, _absorbed),
            _DEED,
            own("notes", "註記", 26, _notes),
            NOTE,
        ),
        _lines(told),
        key=("filing.unit", "people.name", "people.staff_id"),
        loose=("filing.unit", "people.name"),
        frozen=3,
        **_TAB,
    )  # fmt: skip


_RULE = "R4 依角色與參選結果之額度，從高擇一（$once）"


def _not_listed(told: Told) -> Iterator[str]:
    """Who waits for something to be settled, and what of the contest's forms counts nowhere yet."""
    waiting: dict[str, list[str]] = {}
    for one in told.outcomes.rewards.pending:
        waiting.setdefault(pending_text(one), []).append(one.person.name or "（未填姓名）")
    for why, names in waiting.items():
        yield f"{UNSETTLED}，未列入：{'、'.join(names)}（{why}）"
    for held in by_file(one for one in told.dataset.held_back(CONTEST.key) if one.whole):
        yield f"{TO_CORRECT}：{held_text(held)}"


def _lines(told: Told) -> Iterator[_Line]:
    for number, line in enumerate(told.outcomes.rewards.lines, 1):
        claim = line.claim
        entry = next(
            (
                one
                for one in told.dataset.entries
                if (one.id, one.name, one.stage) == (claim.entry, claim.entry_name, claim.stage)
            ),
            None,
        )
        yield _Line(line.person, line, number, entry)


def _number(_: Person, __: RewardLine, number: int, ___: Entry | None) -> int:
    return number


def _entry(_: Person, line: RewardLine, *__: object) -> str:
    return f"{line.claim.entry} {line.claim.entry_name}"


def _term(_: Person, line: RewardLine, *__: object) -> str:
    return line.claim.term


def _stage(_: Person, line: RewardLine, *__: object) -> str:
    return line.claim.stage or ""


def _role(_: Person, line: RewardLine, *__: object) -> str:
    return line.claim.entitlement.role


def _reward(_: Person, line: RewardLine, *__: object) -> str:
    return UNSETTLED if line.blocked or line.reward is None else line.reward.name


def _bound(_: Person, line: RewardLine, *__: object) -> str:
    return f"{line.claim.entitlement.bound}{line.claim.entitlement.reward.name}"


def _clause(_: Person, line: RewardLine, *__: object) -> str:
    return line.clause


def _absorbed(_: Person, line: RewardLine, *__: object) -> str:
    return absorbed_text(line)


def _notes(_: Person, line: RewardLine, *__: object) -> str:
    return "\n".join(line.notes)


# --- 自行考核獎勵建議 (柒、一) ------------------------------------------------------------------------


def proposals(told: Told) -> TrackerSheet:
    """R5: what the units themselves propose."""
    return sheet(
        asked("people.proposed", REPORT).label,
        f"{told.plan.year}年度自行考核獎勵建議（人事作業用）",
        (f"{FOR_HR}；由各{the.units}依業務需求提出，程式僅列出（{the.own_rewards}）", HOW),
        (
            _unit(told),
            *_PERSON,
            own("items.item", asked("items.item").label, 9, _item, "people.item", centred=True),
            own("items.name", asked("items.name").label, 20, _item_name),
            _ROLE,
            own("people.proposed", _REWARD, 12, _proposed, "people.proposed", form=REPORT,
                centred=True),
            own("clause", "條款", 8, _cites, centred=True),
            _DEED,
            own("also_in_contest", f"與{the.rewards}敘獎重疊", 22, _twice, toned=True),
            NOTE,
        ),
        ((one.person, one) for one in told.outcomes.rewards.proposals),
        key=("filing.unit", "people.name", "people.staff_id", "items.item"),
        loose=("filing.unit", "people.name", "items.item"),
        frozen=2,
        **_TAB,
    )  # fmt: skip


def _item(_: Person, one: SelfProposal) -> str:
    return one.item


def _item_name(_: Person, one: SelfProposal) -> str:
    return one.item_name


def _proposed(person: Person, one: SelfProposal) -> str:
    return one.reward.name if one.reward else person.proposed


def _cites(_: Person, one: SelfProposal) -> str:
    return one.cites


def _twice(_: Person, one: SelfProposal) -> str:
    return "▲ 亦列於敘獎，請確認是否同一事由" if one.also_in_contest else ""


# --- 有功人員 -----------------------------------------------------------------------------------


def people(told: Told) -> TrackerSheet:
    """Everybody whom a return names, with all that it says of him, whether a reward follows or not."""
    dataset = told.dataset
    return sheet(
        REPORT.titles["people"],
        f"{told.plan.year}年度有功人員（各單位填報與參選案登錄）",
        (f"{FOR_HR}；依回傳檔逐筆列出，獎勵之結果見「敘獎」與「自行考核獎勵建議」", HOW),
        (
            own("people.source", "來源", 9, _origin, centred=True),
            own("people.entry", "業務或參選編號", 11, _named_for, "people.entry", "people.item",
                centred=True),
            show("people.term", 9, centred=True),
            _unit(told),
            *_PERSON,
            _ROLE,
            own("people.proposed", _REWARD, 12, _own_proposal, "people.proposed", centred=True),
            _DEED,
            show("people.ground", 24),
            show("people.note", 24, label=f"填報{asked('people.note').label}"),
            NOTE,
        ),
        (
            *((person, CONTEST.titles["entries"]) for person in dataset.entry_people),
            *((person, "業務") for person in dataset.people),
        ),
        key=("people.source", "people.entry", "filing.unit", "people.name", "people.staff_id"),
        whole=told.whole((CONTEST, "people"), (REPORT, "people")),
        loose=("people.source", "people.entry", "filing.unit", "people.name"),
        frozen=4,
        **_TAB,
    )  # fmt: skip


def _origin(_: Person, origin: str) -> str:
    return origin


def _named_for(person: Person, _: str) -> str:
    return person.entry


def _own_proposal(person: Person, _: str) -> str:
    return person.proposed
