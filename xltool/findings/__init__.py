"""Findings: what is wrong with someone's data, where, what stood there, and what to do.

A finding is a returned value, never an exception. Codes live in `CATALOGUE` alone, are stable and
are never reused. Letters: F file, S structure, V value, C between fields, forms or units, R rule,
P settings of the plan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from xltool.model import Address


class Severity(StrEnum):
    """錯誤 blocks the return; 提醒 wants a look; 已同意 is one of these that the coordinator accepts;
    說明 tells what was understood or changed."""

    ERROR = "錯誤"
    WARNING = "提醒"
    WAIVED = "已同意"
    NOTE = "說明"


WAIVABLE = ("S", "V", "C")
"""What can be accepted: faults of a return. Not an unreadable file, a rule of the plan, a setting."""

_SLOT = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Code:
    """A kind of finding: its severity, its message and fix as templates (`str.format` fields), and
    why it is told, for whoever asks."""

    code: str
    severity: Severity
    message: str
    fix: str
    why: str


_MEANS = {
    Severity.ERROR: "這份檔案先不列入彙整，更正後再回傳",
    Severity.WARNING: "已列入彙整，請看一下",
    Severity.NOTE: "說明程式做了什麼，不需處理",
}


def explanation(code: Code) -> tuple[tuple[str, str], ...]:
    """A kind of finding for a person, as (heading, words). What a message fills in is shown as ○○."""
    told = {
        "代碼": f"{code.code}（{code.severity}：{_means(code)}）",
        "問題": _SLOT.sub("○○", code.message),
        "為什麼": code.why,
        "怎麼改": _SLOT.sub("○○", code.fix),
    }
    if code.code.startswith(WAIVABLE) and code.severity is not Severity.NOTE:
        told["不必更正時"] = (
            f"xltool waive {code.code} --unit 單位代碼 --reason 理由 --by 姓名（僅本年度有效）"
        )
    return tuple(told.items())


def _means(code: Code) -> str:
    if code.severity is Severity.ERROR and code.code[0] in "RP":
        return "須先處理，相關結果才會列出"
    return _MEANS[code.severity]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding at one place. `value` is what stood there, as text."""

    code: str
    severity: Severity
    at: Address
    message: str
    fix: str
    value: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the return cannot be taken in until this is settled."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True)
class Waiver:
    """The coordinator accepts a finding of a unit: `reason`, `by` whom, `at` which day (as shown).

    `form`, `sheet` and `cell` narrow it; empty means any. It is kept in the year's ledger, and so
    ends with the year.
    """

    code: str
    unit: str
    form: str
    sheet: str
    cell: str
    reason: str
    by: str
    at: str

    def covers(self, found: Finding, unit: str, form: str) -> bool:
        """Whether it speaks of a finding in a unit's return of a form."""
        return (
            (self.code, self.unit) == (found.code, unit)
            and self.form in ("", form)
            and self.sheet in ("", found.at.sheet)
            and self.cell in ("", found.at.cell)
            and found.severity is not Severity.NOTE
        )


def waived(found: Finding, unit: str, form: str, waivers: Iterable[Waiver]) -> Finding:
    """The finding; as 已同意, with who and why, where a waiver covers it."""
    one = next((waiver for waiver in waivers if waiver.covers(found, unit, form)), None)
    if one is None:
        return found
    return replace(
        found, severity=Severity.WAIVED, fix=f"{one.by} {one.at} 同意不必更正：{one.reason}"
    )


def counted(findings: Iterable[Finding]) -> str:
    """How many of each severity, for a person; 已同意 only where there are some."""
    count = Counter(one.severity for one in findings)
    told = (severity for severity in Severity if severity is not Severity.WAIVED or count[severity])
    return "、".join(f"{severity} {count[severity]} 項" for severity in told)


@dataclass(frozen=True)
class Group:
    """Findings of one file that say the same, and all their places."""

    finding: Finding
    places: tuple[Address, ...]


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Identical findings of each file as one, where the first of them stands."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        key = (one.at.file, one.code, one.severity, one.message, one.fix)
        groups.setdefault(key, []).append(one)
    return tuple(Group(same[0], tuple(one.at for one in same)) for same in groups.values())


def finding(code: str, at: Address, value: object = "", **words: object) -> Finding:
    """Make a finding of the catalogue's `code`; `words` fill the templates, `value` fills {value}.

    Raises KeyError for a code that is not in the catalogue, or a template word that is missing.
    """
    entry = CATALOGUE[code]
    shown = _shown(value)
    filled = {"value": shown, **{key: _shown(word) for key, word in words.items()}}
    return Finding(
        code,
        entry.severity,
        at,
        entry.message.format_map(filled),
        entry.fix.format_map(filled),
        "" if value is None else str(value),
    )


def _shown(value: object, limit: int = 40) -> str:
    """Text for a message: on one line, and shortened."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _catalogue(*codes: Code) -> dict[str, Code]:
    table = {code.code: code for code in codes}
    if len(table) != len(codes):
        raise ValueError("a finding code is used twice")
    return table


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CATALOGUE = _catalogue(
    # --- F: the file as a whole
    Code(
        "F101",
        E,
        "檔案是空的（0 位元組）",
        "請填報單位重新傳送檔案",
        "檔案在傳送或複製時沒有存到內容，常見於雲端硬碟尚未同步完成。",
    ),
    Code(
        "F102",
        E,
        "檔案無法開啟：{reason}",
        "請以 Excel 或 LibreOffice 開啟後另存為 .xlsx 再傳送",
        "檔案在傳送時中斷，或儲存時毀損；程式不猜測殘缺的內容。",
    ),
    Code(
        "F103",
        E,
        "檔案有密碼保護，無法讀取",
        "請填報單位移除開啟密碼後重新傳送",
        "有開啟密碼的檔案是加密的，任何程式都讀不到內容。工作表保護（鎖定儲存格）不算密碼，不必移除。",
    ),
    Code(
        "F104",
        E,
        "不是試算表檔案（{value}）",
        "請放入填好的原發表單（.xlsx 或 .ods）；.zip 以外的壓縮檔請先解壓縮",
        "以檔案內容判斷，不看副檔名：掃描的 PDF、照片或 Word 檔都不能彙整。核章掃描檔請另外保存。",
    ),
    Code(
        "F105",
        E,
        "檔案內容超過安全上限：{reason}",
        "請改用原發表單重新填寫，勿插入大量空白列或大型物件",
        "正常填寫的表單遠小於上限；超過時通常是整欄複製了格式，或放了很大的物件。上限在年度設定「讀取上限」。",
    ),
    Code(
        "F106",
        E,
        "檔案含有不安全的內容：{reason}",
        "請改用原發表單重新填寫後傳送",
        "檔案內含外部定義、異常路徑等只會出現在惡意或被改造過的檔案的內容，程式拒絕開啟。",
    ),
    Code(
        "F107",
        E,
        "讀取此檔時程式異常中止，已略過此檔",
        "請以 Excel 另存為新的 .xlsx 再試；仍不行請保留原檔並回報",
        "每個檔案都在隔離的程序中讀取；這個檔案讓讀取程序中止，其他檔案不受影響，原檔已保存。",
    ),
    Code(
        "F108",
        W,
        "檔案含有巨集，已略過不執行",
        "回傳檔請使用 .xlsx，不需要巨集",
        "本計畫的表單不需要巨集。程式從不執行回傳檔內的巨集，其餘內容照常讀取。",
    ),
    Code(
        "F109",
        N,
        "與先前收到的 {other} 內容完全相同，只計一次",
        "不需處理；可刪除重複的檔案",
        "兩個檔案一個位元都不差，常見於同一封郵件存了兩次。",
    ),
    Code(
        "F110",
        W,
        "同一單位、同一表單收到多份，採用 {chosen}",
        "請確認採用的版本；如應採用另一份，請把不要的一份移到「不採用」資料夾",
        "同一單位同一表單只能算一份，依年度設定「同一表單多次回傳時採用」：通常是檔案內最後儲存時間較新的；沒有儲存時間的以收到的時間計。",
    ),
    Code(
        "F111",
        W,
        "檔案連結到外部活頁簿，連結未被讀取",
        "請將需要的內容以「值」貼上",
        "公式若引用別的檔案，收到的只是當時的結果，程式不會去讀那個檔案。",
    ),
    Code(
        "F114",
        W,
        "舊總表無法讀取，已另存備份「{value}」，本次重新產生",
        "請開啟備份檔，將自行填寫的備註與工作表複製到新總表",
        "總表檔毀損或不是試算表，無法沿用其中的備註；原檔已改名備份。",
    ),
    Code(
        "F115",
        W,
        "總表內自行加入的{value}無法保留；更新前的總表已另存「{backup}」",
        "需要時請從備份複製；圖形、切換面板等請放在另一個活頁簿",
        "更新總表時，程式能保留文字、格式、公式與註解，但不能保留圖形、樞紐分析等物件。",
    ),
    Code(
        "F112",
        W,
        "此格式（{value}）內的圖片無法讀取",
        "請另存為 .xlsx 再傳送，或改以原發表單插入照片",
        "這種舊格式或二進位格式內的圖片，程式讀不出來；文字與數字都已讀取。",
    ),
    Code(
        "F116",
        N,
        "「{value}」在上次產出後有人修改，修改過的檔案已另存為「{backup}」",
        "如需保留修改內容，請從備份檔複製到新檔",
        "產出的檔案被人修改過；重新產出前先留備份，避免改好的內容不見。",
    ),
    Code(
        "F113",
        E,
        "找不到檔案",
        "請確認檔名與所在資料夾",
        "指定的檔名或路徑不存在，常見於檔名打錯，或網路磁碟沒有連線。",
    ),
    Code(
        "F117",
        E,
        "檔案無法讀取：正由其他程式使用，或沒有權限",
        "請關閉正在使用此檔的程式後再試；仍不行請複製到自己的資料夾",
        "檔案被其他程式鎖住，或這個帳號沒有權限，這次讀不到；下次執行會再讀。",
    ),
    Code(
        "F118",
        E,
        "「{value}」未更新：正由 Excel 或其他程式開啟",
        "請關閉該檔後再執行一次；其他檔案已完成",
        "Excel 開著的檔案不能被取代；其他檔案都已完成，關閉後再執行一次即可補上。",
    ),
    Code(
        "F119",
        E,
        "讀取此檔超過 {value} 秒，已略過此檔",
        "請以 Excel 另存為新的 .xlsx 再試；檔案確實很大時，請放寬年度設定的「讀取上限」",
        "每個檔案有讀取時限（年度設定「讀取上限」），避免一個檔案拖住全部。",
    ),
    Code(
        "F120",
        W,
        "檔案正由他人開啟，讀到的可能不是最後的版本",
        "請待對方存檔關閉後再執行一次；確定沒有人開啟時，可刪除旁邊 ~$ 開頭的暫存檔",
        "旁邊有 Excel 或 LibreOffice 的鎖定檔，表示有人正開著這個檔案，可能還沒存檔。",
    ),
    Code(
        "F121",
        W,
        "由檔名看來，這是雲端硬碟因兩人同時修改而另存的衝突複本",
        "請與原檔核對，把不要的一份移到「不採用」資料夾",
        "兩個人同時改同一個檔案時，雲端硬碟會另存一份，檔名帶有「衝突」、電腦名稱等字樣；兩份內容通常不同。",
    ),
    Code(
        "F122",
        N,
        "副檔名「{value}」與內容（{kind}）不符，已依內容讀取",
        "不需處理；可更正副檔名",
        "副檔名被改過，或由其他程式另存；程式一律依內容判斷格式。",
    ),
    Code(
        "F123",
        W,
        "總表有 {value} 處由您修改程式欄位的內容，其中 {clashes} 處與新的彙整值衝突",
        "請看總表「人工修改」；總表的修改不影響附件3與敘獎名冊，需要變更請由單位更正",
        "更新總表時，以上次寫出、現在檔案與新的彙整值三方比對：單位沒有再更正的保留您的內容，又更正的採新值並列出。",
    ),
    Code(
        "F124",
        N,
        "截止日（{due}）後才存檔（{value}），仍予採用",
        "不需處理；不採用時請將檔案移到「不採用」資料夾",
        "年度設定「逾期回傳」為「採用並註明」；日期取自檔案內最後儲存的時間，以臺灣時間計。",
    ),
    Code(
        "F125",
        W,
        "截止日（{due}）後才存檔（{value}），依年度設定不採用",
        "要採用時，請將年度設定「逾期回傳」改為「採用並註明」",
        "年度設定「逾期回傳」為「不採用」；日期取自檔案內最後儲存的時間，以臺灣時間計。檔案仍留存，可隨時改為採用。",
    ),
    Code(
        "F126",
        W,
        "與 {chosen} 同一天存檔而內容不同，採用後者",
        "請向單位確認哪一份正確；如應採用這一份，請把另一份移到「不採用」資料夾",
        "一天之內兩份不同的回傳，可能是更正，也可能是兩個人各填一份；程式依年度設定採用其一，內容差異見總表「變更紀錄」。",
    ),
    Code(
        "F127",
        N,
        "較 {chosen} 晚收到，但存檔在前，視為舊版，未採用",
        "不需處理；如應採用這一份，請把另一份移到「不採用」資料夾",
        "補寄的舊檔不會蓋過新檔：先後依檔案內最後儲存的時間，不依收到的時間。",
    ),
    # --- S: the form and its structure
    Code(
        "S201",
        E,
        "無法判斷是哪一種表單",
        "請使用原發表單填寫；勿刪除各區塊標題與欄位名稱",
        "程式依隱藏的識別標記、文件屬性，再依標題與欄位名稱判斷表單；都對不上時不猜。",
    ),
    Code(
        "S202",
        E,
        "這是 {value} 年度的表單，目前辦理 {year} 年度",
        "請改填 {year} 年度的表單",
        "表單內記著年度，不同年度的單位與構面可能不同，不能混用。",
    ),
    Code(
        "S203",
        E,
        "單位代碼「{value}」不在年度設定的單位清單",
        "請使用發給該單位的表單，或檢查年度設定的「實施對象」",
        "表單發給的單位不在今年的「實施對象」內，可能是組織調整，或用了別的機關的表單。",
    ),
    Code(
        "S204",
        W,
        "檔案沒有識別標記，依內容判斷為「{form}」（{unit}）：{sure}",
        "請確認判斷正確；下次請直接填寫原發表單",
        "原發表單內有識別標記；自行重製或複製貼上的檔案沒有，只能依內容判斷，請人確認。",
    ),
    Code(
        "S205",
        E,
        "找不到「{section}」區塊",
        "請勿刪除區塊標題；可重新下載空白表單填寫",
        "整個區塊的標題都找不到，無法知道哪些儲存格屬於它。改名、移位、插入列都不影響，只有刪除會。",
    ),
    Code(
        "S206",
        E,
        "「{section}」缺少欄位「{field}」",
        "請恢復該欄位名稱，或改用原發表單",
        "欄位靠名稱辨識；名稱被刪除或改寫後，填在那裡的內容就無法歸位。",
    ),
    Code(
        "S207",
        W,
        "此處文字不在任何欄位內，未列入彙整：「{value}」",
        "如屬填報內容，請移到對應欄位",
        "內容打在格子外面，例如欄位右側或表格下方；程式保留並列出，但不知道該放進哪個欄位。",
    ),
    Code(
        "S208",
        N,
        "「{section}」填寫超過預留列數，已照常讀取",
        "不需處理",
        "單位自行加了列，程式照樣讀取，此處只是說明。",
    ),
    Code(
        "S209",
        W,
        "表單版本為第 {value} 版，現行為第 {current} 版",
        "內容已照現行欄位讀取，請確認無遺漏",
        "單位用的是較早發出的版本，欄位可能略有不同。",
    ),
    Code(
        "S210",
        E,
        "表單發給「{given}」，單位欄卻是「{value}」",
        "請確認由哪個單位填報；各單位請用發給自己的表單",
        "表單的識別標記與「單位」欄不一致，常見於拿別單位的檔案來改。",
    ),
    Code(
        "S211",
        N,
        "此處的圖片不在照片欄位內，未列入彙整",
        "如屬成果照片，請移到「照片」區塊",
        "圖片放在沒有照片欄位的地方，不會進入附件3。",
    ),
    Code(
        "S212",
        W,
        "此儲存格的註解未列入彙整：「{value}」",
        "如屬填報內容，請填入欄位；僅供說明者可不理會",
        "有人習慣把補充寫在註解（附註）裡；彙整只讀欄位，註解保留並列出。",
    ),
    Code(
        "S213",
        N,
        "「{section}」與原表單不同，已照常讀取：{value}",
        "不需處理；請確認讀取無誤",
        "插入或移動列、欄、工作表，改動欄位名稱的空白或隱藏列，都不影響讀取；此處逐項列出。",
    ),
    # --- V: a value in a field
    Code(
        "V301",
        E,
        "「{field}」未填",
        "請填寫{field}",
        "必填欄位沒有內容；填「無」「－」等也視為未填（可不填的欄位則視為空白）。",
    ),
    Code(
        "V302",
        E,
        "「{field}」填的「{value}」不是數字",
        "請填阿拉伯數字，例如 {example}",
        "應為數字的欄位填了文字；全形數字、千分位、「分」「%」與中文數字都能讀。",
    ),
    Code(
        "V303",
        E,
        "「{field}」填的「{value}」超出範圍（{low}～{high}）",
        "請填 {low} 到 {high} 之間的數字",
        "數字超出表單宣告的上下限，例如評分 0～100。",
    ),
    Code(
        "V304",
        E,
        "「{field}」填的「{value}」不是有效日期",
        "請填民國日期，例如 {example}",
        "民國、西元的常見寫法都能讀（114.11.30、114年11月30日、1141130、2025/11/30）；這個日期讀不出來，或日曆上沒有。",
    ),
    Code(
        "V305",
        E,
        "「{field}」填的「{value}」不在選項內",
        "請從下拉選單選擇：{choices}",
        "選項欄位填了清單以外的文字；全形、空白、台／臺、簡體的差異不計。",
    ),
    Code(
        "V306",
        E,
        "「{field}」超過字數上限（{length} 字，上限 {limit} 字）",
        "請精簡到 {limit} 字以內",
        "超過表單宣告的字數上限，附件3 或名冊會排不下。",
    ),
    Code(
        "V307",
        E,
        "「{field}」填的「{value}」格式不符",
        "{hint}",
        "代碼、電話、電子郵件等有固定格式。",
    ),
    Code(
        "V308",
        N,
        "「{field}」由「{value}」判讀為「{read}」",
        "不需處理；判讀有誤請更正",
        "程式把內容改寫成一致的寫法（例如 114/11/30 讀成 114.11.30），原文仍保留。",
    ),
    Code(
        "V309",
        E,
        "「{field}」是 Excel 錯誤值（{value}）",
        "請改填正確的值，勿引用其他檔案",
        "公式算不出結果，常見於引用了別的檔案或刪除了來源儲存格。",
    ),
    Code(
        "V310",
        E,
        "「{field}」填的「{value}」不是整數",
        "請填整數，例如 {example}",
        "件數、順序等只能是整數。",
    ),
    Code(
        "V311",
        W,
        "鎖定欄位「{field}」被改為「{value}」，原為「{given}」",
        "如確有變更，請在「與調查表不同之處」說明",
        "由本署帶入的欄位被改過；調查表是唯一依據，變更請寫在說明欄。",
    ),
    Code(
        "V312",
        E,
        "「{field}」不可換行",
        "請刪除換行，寫成一段",
        "名冊等處只能一行，換行會使表格變形。",
    ),
    Code(
        "V313",
        E,
        "「{field}」填「{value}」，彙整後無法對照",
        "請寫出完整內容",
        "「同上」在彙整排序後就不知道指哪一列。",
    ),
    Code(
        "V314",
        N,
        "「{field}」含簡體字（{value}）",
        "已保留原文；公布前請改為正體字",
        "從其他來源複製的文字常夾帶簡體字；選項與欄位名稱會自動對應，內文則原樣保留，由人更正。",
    ),
    # --- C: between fields, forms, units
    Code(
        "C401",
        E,
        "「{field}」未填；「{other}」為「{answer}」時必須填寫",
        "請填寫{field}",
        "這個欄位在另一欄為某值時才必填，例如勾選跨機關時的合作對象。",
    ),
    Code(
        "C402",
        E,
        "勾選「{value}」，但「{section}」仍有填寫內容",
        "請改選有辦理，或清除該區塊內容",
        "選了「無辦理」卻仍有內容，無法知道以何者為準。",
    ),
    Code(
        "C403",
        E,
        "「{section}」至少要填 {least} 筆，目前 {count} 筆",
        "請填寫，或在「填報情形」選擇「無」",
        "這個區塊至少要有幾筆；確實沒有時，請在「填報情形」選「無」。",
    ),
    Code(
        "C404",
        E,
        "「{field}」的「{value}」重複",
        "請確認後保留一筆，或改為不同的值",
        "編號、姓名等在表內只能出現一次，重複會使彙整時對不上。",
    ),
    Code(
        "C405",
        W,
        "「{field}」有分數但沒有佐證說明",
        "請補充佐證說明",
        "陸.一.(三) 的評分應有佐證，否則督導小組無從審視。",
    ),
    Code(
        "C406",
        E,
        "業務編號「{value}」不在參與業務調查表內",
        "請使用原發表單；新增業務請先補填參與業務調查表",
        "業務編號由調查表而來；對不上時，成果、人員與意見無法歸到業務。",
    ),
    Code(
        "C407",
        W,
        "已調查的業務「{value}」未填報執行成果",
        "請單位補報，或說明停辦原因",
        "調查表有、填報表沒有的業務，附件3 會缺這一項。",
    ),
    Code("C408", W, "第 {value} 張照片沒有圖說", "請在照片旁填寫圖說", "附件3 的照片都有圖說。"),
    Code(
        "C409",
        W,
        "有圖說「{value}」但找不到照片",
        "請插入照片，或清除圖說",
        "有圖說沒有照片，可能是照片被刪除，或檔案轉存時遺失。",
    ),
    Code(
        "C410",
        W,
        "照片過小（{value} 像素），印出會模糊",
        "請改用寬 800 像素以上的原始照片",
        "附件3 的照片寬約 8 公分，像素太少印出來會模糊。",
    ),
    Code(
        "C411",
        E,
        "照片無法讀取（{value}）",
        "請以 JPG 或 PNG 重新插入照片",
        "圖檔毀損、格式不支援，或只是連結而沒有圖。",
    ),
    Code(
        "C412",
        W,
        "督導小組成員職稱層級「{value}」不在年度設定內",
        "請確認是否為單位業務主管或專門委員以上（附件2.二.(一)）",
        "督導小組成員應為單位業務主管或專門委員以上層級（附件2.二.(一)）。",
    ),
    Code(
        "C413",
        W,
        "收件匣內的年度設定不採用",
        "請直接修改年度資料夾內的年度設定，並將此檔移出收件匣",
        "年度設定由承辦人在年度資料夾內維護，收件匣內的一律不採用，避免誤用。",
    ),
    Code(
        "C414",
        W,
        "評核構面「{value}」不在年度設定內，該列評分未計入",
        "請確認年度設定的「評核構面」，或重新產生表單填報",
        "構面名稱與年度設定不同，權重無從套用。",
    ),
    Code(
        "C415",
        W,
        "內文含有同仁姓名、職員編號或聯絡資料",
        "公布前請確認並刪除個人資料（伍.一、陸.一.(五)）",
        "附件3 會公布於網站，不得有同仁個人資料。",
    ),
    Code(
        "C416",
        W,
        "同一單位有兩位成員的督導意見：{value}",
        "如為同一人，請將不採用的檔案移到「不採用」資料夾（附件2.二.(一) 每單位 1 人）",
        "每單位的督導小組成員只有一人，兩份意見可能是換人，也可能是姓名用字不同。",
    ),
    Code(
        "C417",
        W,
        "上年度編號「{value}」不是該單位的上年度業務",
        "請確認「年度設定」的上年度業務編號；對不上時，填報表不會帶入上年度精進方向（柒.一）",
        "填了上年度編號，但該單位上年度沒有這一項，無法帶入其未來精進方向。",
    ),
    Code(
        "C418",
        W,
        "「{field}」的 {count} 處內容完全相同：「{value}」",
        "請確認是否為複製貼上，並分別填寫實際內容",
        "各構面的佐證、各業務的成果應各有內容；完全相同通常是複製後忘了改。",
    ),
    Code(
        "C419",
        W,
        "「{field}」與 {other} 的內容完全相同",
        "請確認是否為共同辦理；否則請分別填寫實際內容",
        "不同單位的業務寫得一字不差，可能是共同辦理，也可能互相複製；附件3 會並列出現。",
    ),
    Code(
        "C420",
        W,
        "照片與 {other} 的照片完全相同",
        "請確認放對照片；同一張照片不宜用於兩項業務",
        "兩項業務用了同一個圖檔，附件3 會重複出現。",
    ),
    # --- R: what a rule needs a person to settle
    Code(
        "R501",
        E,
        "會議出席 {present} 人，未過半數（應出席 {members} 人，需 {needed} 人）",
        "會議不成立，請另行召開（附件2.四.(二)）",
        "附件2.四.(二)：督導小組會議應有過半數成員出席。",
    ),
    Code(
        "R502",
        E,
        "第 {value} 案未達共識，也沒有召集人裁示",
        "請補登召集人裁示（附件2.四.(二)）",
        "附件2.四.(二)：未達共識的議案由召集人裁示。",
    ),
    Code(
        "R503",
        E,
        "{name} 建議獎勵「{value}」高於最高額度「{ceiling}」",
        "請改為「{ceiling}」以下（{clause}）",
        "柒.二所列「最高」為上限，可低不可高。",
    ),
    Code(
        "R504",
        W,
        "參選案「{value}」有 {count} 位主要承辦人員",
        "請確認；柒.二各款以主要承辦人員為準",
        "柒.二各款以主要承辦人員為準，通常一案一人。",
    ),
    Code(
        "R505",
        W,
        "{value} 沒有職員編號，以單位與姓名辨識",
        "請補填職員編號，以免重複敘獎",
        "沒有職員編號時只能以單位與姓名辨識，同名會混淆。",
    ),
    Code(
        "R506",
        E,
        "不同單位有同名者「{value}」且缺職員編號，無法判斷是否同一人",
        "請補填職員編號（柒.二.(五)）",
        "跨單位同名又缺職員編號，可能是同一人調動，也可能是兩人；程式不自行合併。",
    ),
    Code(
        "R507",
        W,
        "同單位「{value}」與「{other}」可能是同一人",
        "請確認姓名用字；同一人請改為一致（柒.二.(五)）",
        "姓名只差異體字或空白，可能是同一人重複列名（柒.二.(五)）。",
    ),
    Code(
        "R508",
        W,
        "{name} 同時列於柒.二敘獎與自行考核獎勵建議（{value}）",
        "請確認是否就同一事由重複獎勵",
        "同一人在兩種依據下都列名，應確認不是同一事由。",
    ),
    Code(
        "R509",
        W,
        "{name} 的建議獎勵「{value}」與固定額度「{fixed}」不同，依額度核列",
        "請改為「{fixed}」（{clause}）",
        "柒.二.(一) 等款的主要承辦人員為固定額度，不由單位建議。",
    ),
    Code(
        "R510",
        E,
        "{name} 所列參選編號「{value}」不在參選結果內，未列入名冊",
        "請更正參選編號，或補列該參選案",
        "人員對應不到參選案，就沒有參選結果可以計算獎勵。",
    ),
    Code(
        "R511",
        E,
        "職員編號「{value}」有不同姓名：{names}",
        "請確認職員編號與姓名",
        "一個職員編號只屬於一個人。",
    ),
    Code(
        "R512",
        W,
        "參選案「{value}」有多筆結果，採最高者「{stage}」",
        "請確認結果",
        "一案的結果以最高者計（獲獎＞入圍＞薦送）。",
    ),
    Code(
        "R513",
        W,
        "自評與督導評分相差 {value} 分，超過 {threshold} 分",
        "請確認評分依據",
        "自評與督導評分相差超過年度設定的分數，請確認雙方依據。",
    ),
    Code(
        "R514",
        E,
        "參選案「{value}」沒有參選結果，無法計算獎勵",
        "請選填參選結果",
        "沒有參選結果就沒有可套用的款次。",
    ),
    Code(
        "R516",
        E,
        "敘獎原則沒有「{role}」（{stage}）的額度，「{value}」無法核列",
        "請確認角色，或在年度設定的「敘獎原則」補列",
        "年度設定的「敘獎原則」沒有這個角色與結果的組合。",
    ),
    Code(
        "R517",
        E,
        "同單位有多位職員編號不同的「{value}」，此筆缺職員編號，無法判斷是哪一位",
        "請補填職員編號（柒.二.(五)）",
        "同單位有多位同名者，缺職員編號時無法判斷。",
    ),
    Code(
        "R515",
        W,
        "議案 {value} 沒有填「是否達成共識」",
        "請填是或否（附件2.四.(二)）",
        "沒有填是否達成共識，決議是否成立無從判斷。",
    ),
    Code(
        "R518",
        W,
        "議案 {value} 已有共識，另填的召集人裁示不採用",
        "請確認是否達成共識（附件2.四.(二)）",
        "達成共識的議案不需要裁示。",
    ),
    Code(
        "R519",
        W,
        "參獎限制所列的業務 {value} 不在本年度業務內",
        "請核對年度設定「參獎限制」的業務編號",
        "業務編號打錯時，應排除的業務仍會列入推薦順序。",
    ),
    # --- P: settings
    Code(
        "P601",
        E,
        "構面權重合計 {value}%，應為 100%",
        "請調整「評核構面」的權重",
        "四構面的權重為本署自訂，合計必須是 100%，加權總分才與評分同一尺度。",
    ),
    Code(
        "P602",
        E,
        "年度設定「{value}」重複",
        "請確認代碼與名稱各只出現一次",
        "代碼與名稱是對照的依據，只能各出現一次。",
    ),
    Code(
        "P603",
        E,
        "年度設定缺少「{value}」",
        "請補上；可用 xltool new 產生的原始年度設定對照",
        "產生表單與計算規則都需要這一部分設定。",
    ),
    Code(
        "P604",
        E,
        "「{value}」的截止日早於開始日",
        "請更正「年度行程」的日期",
        "截止日在開始日之前，期限無從計算。",
    ),
    Code(
        "P605",
        E,
        "獎勵「{value}」不在獎度表內",
        "請使用獎度表所列名稱",
        "敘獎原則用到的獎勵必須列在獎度表，才能比較高低。",
    ),
    Code(
        "P607",
        E,
        "承辦單位代碼「{value}」不在「實施對象」內",
        "請更正承辦單位代碼，或補列該單位",
        "承辦單位應為實施對象之一。",
    ),
    Code(
        "P608",
        W,
        "「實施對象」沒有計畫所列的「{value}」",
        "如非組織調整，請補列（計畫參）",
        "計畫參所列的單位應全數列入，組織調整時除外。",
    ),
    Code(
        "P609",
        E,
        "「年度行程」沒有「{value}」階段，表單無法標示截止日",
        "請補上該階段；階段名稱請勿更改",
        "每一種表單對應年度行程的一個階段，截止日由此而來。",
    ),
    Code(
        "P610",
        W,
        "「{value}」在「{earlier}」截止（{due}）以前就開始",
        "請確認日期；前一階段的資料可能還沒收齊",
        "前一階段還沒結束，後一階段就開始，資料可能還沒收齊。",
    ),
    Code(
        "P611",
        E,
        "「{stage}」的日期 {value} 不在 {year} 年度或次年",
        "請更正「年度行程」的日期",
        "日期不在本年度或次年，可能是年份打錯。",
    ),
    Code(
        "P612",
        W,
        "職稱層級「{value}」不是計畫所列的層級",
        "請確認是否為單位業務主管或專門委員以上（附件2.二.(一)）",
        "不是附件2.二.(一) 所列的層級，請確認是否相當。",
    ),
    Code(
        "P613",
        W,
        "「上年度業務」的單位代碼「{value}」不在「實施對象」內",
        "請更正為本年度的單位代碼",
        "上年度業務的單位代碼今年已不存在，可能是組織調整。",
    ),
    Code(
        "P614",
        W,
        "參獎限制的業務編號「{value}」不是業務編號",
        "請填 03-02 的形式，多項以頓號分隔；一般性的限制請留白",
        "參獎限制依業務編號排除業務，認不出的編號排除不了任何業務。",
    ),
    Code(
        "P615",
        W,
        "評分差距提醒 {value} 分不小於滿分 {full} 分，永遠不會提醒",
        "請把差距提醒改為小於滿分的分數，例如滿分 100 分時 15 分",
        "自評與督導評分最多相差一個滿分；提醒的分數要小於它才有作用。",
    ),
    Code(
        "P606",
        W,
        "敘獎原則沒有「{value}」的額度",
        "請在年度設定的「敘獎原則」補列（柒.二）",
        "柒.二的角色與結果應各有額度，缺少者遇到時無法核列。",
    ),
)
