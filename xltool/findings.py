"""Findings: what is wrong with someone's data, where, what stood there, and what to do.

A finding is a returned value, never an exception. Codes live in `CATALOGUE` alone, are stable and
are never reused. Letters: F file, S structure, V value, C between fields, forms or units, R rule,
P settings of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xltool.model import Address


class Severity(StrEnum):
    """錯誤 blocks the return; 提醒 wants a look; 說明 tells what was understood or changed."""

    ERROR = "錯誤"
    WARNING = "提醒"
    NOTE = "說明"


@dataclass(frozen=True)
class Code:
    """A kind of finding: its severity, and its message and fix as templates (`str.format` fields)."""

    code: str
    severity: Severity
    message: str
    fix: str


@dataclass(frozen=True)
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
    Code("F101", E, "檔案是空的（0 位元組）", "請填報單位重新傳送檔案"),
    Code(
        "F102", E, "檔案無法開啟：{reason}", "請以 Excel 或 LibreOffice 開啟後另存為 .xlsx 再傳送"
    ),
    Code("F103", E, "檔案有密碼保護，無法讀取", "請填報單位移除開啟密碼後重新傳送"),
    Code(
        "F104",
        E,
        "不是試算表檔案（{value}）",
        "請放入填好的原發表單（.xlsx 或 .ods）；.zip 以外的壓縮檔請先解壓縮",
    ),
    Code(
        "F105",
        E,
        "檔案內容超過安全上限：{reason}",
        "請改用原發表單重新填寫，勿插入大量空白列或大型物件",
    ),
    Code("F106", E, "檔案含有不安全的內容：{reason}", "請改用原發表單重新填寫後傳送"),
    Code(
        "F107",
        E,
        "讀取此檔時程式異常中止，已略過此檔",
        "請以 Excel 另存為新的 .xlsx 再試；仍不行請保留原檔並回報",
    ),
    Code("F108", W, "檔案含有巨集，已略過不執行", "回傳檔請使用 .xlsx，不需要巨集"),
    Code("F109", N, "與先前收到的 {other} 內容完全相同，只計一次", "不需處理；可刪除重複的檔案"),
    Code(
        "F110",
        W,
        "同一單位、同一表單收到多份，採用 {chosen}",
        "請確認採用的版本；如應採用另一份，請把不要的一份移到「不採用」資料夾",
    ),
    Code("F111", W, "檔案連結到外部活頁簿，連結未被讀取", "請將需要的內容以「值」貼上"),
    Code(
        "F114",
        W,
        "舊總表無法讀取，已另存備份「{value}」，本次重新產生",
        "請開啟備份檔，將自行填寫的備註與工作表複製到新總表",
    ),
    Code(
        "F115",
        W,
        "總表內自行加入的{value}無法保留；更新前的總表已另存「{backup}」",
        "需要時請從備份複製；圖形、切換面板等請放在另一個活頁簿",
    ),
    Code(
        "F112",
        W,
        "此格式（{value}）內的圖片無法讀取",
        "請另存為 .xlsx 再傳送，或改以原發表單插入照片",
    ),
    Code(
        "F116",
        N,
        "「{value}」在上次產出後有人修改，修改過的檔案已另存為「{backup}」",
        "如需保留修改內容，請從備份檔複製到新檔",
    ),
    Code("F113", E, "找不到檔案", "請確認檔名與所在資料夾"),
    Code(
        "F117",
        E,
        "檔案無法讀取：正由其他程式使用，或沒有權限",
        "請關閉正在使用此檔的程式後再試；仍不行請複製到自己的資料夾",
    ),
    Code(
        "F118",
        E,
        "「{value}」未更新：正由 Excel 或其他程式開啟",
        "請關閉該檔後再執行一次；其他檔案已完成",
    ),
    Code(
        "F119",
        E,
        "讀取此檔超過 {value} 秒，已略過此檔",
        "請以 Excel 另存為新的 .xlsx 再試；檔案確實很大時，請放寬年度設定的「讀取上限」",
    ),
    Code(
        "F120",
        W,
        "檔案正由他人開啟，讀到的可能不是最後的版本",
        "請待對方存檔關閉後再執行一次；確定沒有人開啟時，可刪除旁邊 ~$ 開頭的暫存檔",
    ),
    Code(
        "F121",
        W,
        "由檔名看來，這是雲端硬碟因兩人同時修改而另存的衝突複本",
        "請與原檔核對，把不要的一份移到「不採用」資料夾",
    ),
    Code(
        "F122", N, "副檔名「{value}」與內容（{kind}）不符，已依內容讀取", "不需處理；可更正副檔名"
    ),
    # --- S: the form and its structure
    Code("S201", E, "無法判斷是哪一種表單", "請使用原發表單填寫；勿刪除各區塊標題與欄位名稱"),
    Code("S202", E, "這是 {value} 年度的表單，目前辦理 {year} 年度", "請改填 {year} 年度的表單"),
    Code(
        "S203",
        E,
        "單位代碼「{value}」不在年度設定的單位清單",
        "請使用發給該單位的表單，或檢查年度設定的「實施對象」",
    ),
    Code(
        "S204",
        W,
        "檔案沒有識別標記，依內容判斷為「{form}」（{unit}）",
        "請確認判斷正確；下次請直接填寫原發表單",
    ),
    Code("S205", E, "找不到「{section}」區塊", "請勿刪除區塊標題；可重新下載空白表單填寫"),
    Code("S206", E, "「{section}」缺少欄位「{field}」", "請恢復該欄位名稱，或改用原發表單"),
    Code(
        "S207", W, "此處文字不在任何欄位內，未列入彙整：「{value}」", "如屬填報內容，請移到對應欄位"
    ),
    Code("S208", N, "「{section}」填寫超過預留列數，已照常讀取", "不需處理"),
    Code(
        "S209",
        W,
        "表單版本為第 {value} 版，現行為第 {current} 版",
        "內容已照現行欄位讀取，請確認無遺漏",
    ),
    Code(
        "S210",
        E,
        "表單發給「{given}」，單位欄卻是「{value}」",
        "請確認由哪個單位填報；各單位請用發給自己的表單",
    ),
    Code("S211", N, "此處的圖片不在照片欄位內，未列入彙整", "如屬成果照片，請移到「照片」區塊"),
    # --- V: a value in a field
    Code("V301", E, "「{field}」未填", "請填寫{field}"),
    Code("V302", E, "「{field}」填的「{value}」不是數字", "請填阿拉伯數字，例如 {example}"),
    Code(
        "V303",
        E,
        "「{field}」填的「{value}」超出範圍（{low}～{high}）",
        "請填 {low} 到 {high} 之間的數字",
    ),
    Code("V304", E, "「{field}」填的「{value}」不是有效日期", "請填民國日期，例如 {example}"),
    Code("V305", E, "「{field}」填的「{value}」不在選項內", "請從下拉選單選擇：{choices}"),
    Code(
        "V306",
        E,
        "「{field}」超過字數上限（{length} 字，上限 {limit} 字）",
        "請精簡到 {limit} 字以內",
    ),
    Code("V307", E, "「{field}」填的「{value}」格式不符", "{hint}"),
    Code("V308", N, "「{field}」由「{value}」判讀為「{read}」", "不需處理；判讀有誤請更正"),
    Code("V309", E, "「{field}」是 Excel 錯誤值（{value}）", "請改填正確的值，勿引用其他檔案"),
    Code("V310", E, "「{field}」填的「{value}」不是整數", "請填整數，例如 {example}"),
    Code(
        "V311",
        W,
        "鎖定欄位「{field}」被改為「{value}」，原為「{given}」",
        "如確有變更，請在「與調查表不同之處」說明",
    ),
    Code("V312", E, "「{field}」不可換行", "請刪除換行，寫成一段"),
    Code("V313", E, "「{field}」填「{value}」，彙整後無法對照", "請寫出完整內容"),
    # --- C: between fields, forms, units
    Code("C401", E, "「{field}」未填；「{other}」為「{answer}」時必須填寫", "請填寫{field}"),
    Code(
        "C402", E, "勾選「{value}」，但「{section}」仍有填寫內容", "請改選有辦理，或清除該區塊內容"
    ),
    Code(
        "C403",
        E,
        "「{section}」至少要填 {least} 筆，目前 {count} 筆",
        "請填寫，或在「填報情形」選擇「無」",
    ),
    Code("C404", E, "「{field}」的「{value}」重複", "請確認後保留一筆，或改為不同的值"),
    Code("C405", W, "「{field}」有分數但沒有佐證說明", "請補充佐證說明"),
    Code(
        "C406",
        E,
        "業務編號「{value}」不在參與業務調查表內",
        "請使用原發表單；新增業務請先補填參與業務調查表",
    ),
    Code("C407", W, "已調查的業務「{value}」未填報執行成果", "請單位補報，或說明停辦原因"),
    Code("C408", W, "第 {value} 張照片沒有圖說", "請在照片旁填寫圖說"),
    Code("C409", W, "有圖說「{value}」但找不到照片", "請插入照片，或清除圖說"),
    Code("C410", W, "照片過小（{value} 像素），印出會模糊", "請改用寬 800 像素以上的原始照片"),
    Code("C411", E, "照片無法讀取（{value}）", "請以 JPG 或 PNG 重新插入照片"),
    Code(
        "C412",
        W,
        "督導小組成員職稱層級「{value}」不在年度設定內",
        "請確認是否為單位業務主管或專門委員以上（附件2.二.(一)）",
    ),
    Code(
        "C413",
        W,
        "收件匣內的年度設定不採用",
        "請直接修改年度資料夾內的年度設定，並將此檔移出收件匣",
    ),
    Code(
        "C414",
        W,
        "評核構面「{value}」不在年度設定內，該列評分未計入",
        "請確認年度設定的「評核構面」，或重新產生表單填報",
    ),
    Code(
        "C415",
        W,
        "內文含有同仁姓名、職員編號或聯絡資料",
        "公布前請確認並刪除個人資料（伍.一、陸.一.(五)）",
    ),
    Code(
        "C416",
        W,
        "同一單位有兩位成員的督導意見：{value}",
        "如為同一人，請將不採用的檔案移到「不採用」資料夾（附件2.二.(一) 每單位 1 人）",
    ),
    Code(
        "C417",
        W,
        "上年度編號「{value}」不是該單位的上年度業務",
        "請確認「年度設定」的上年度業務編號；對不上時，填報表不會帶入上年度精進方向（柒.一）",
    ),
    # --- R: what a rule needs a person to settle
    Code(
        "R501",
        E,
        "會議出席 {present} 人，未過半數（應出席 {members} 人，需 {needed} 人）",
        "會議不成立，請另行召開（附件2.四.(二)）",
    ),
    Code("R502", E, "第 {value} 案未達共識，也沒有召集人裁示", "請補登召集人裁示（附件2.四.(二)）"),
    Code(
        "R503",
        E,
        "{name} 建議獎勵「{value}」高於最高額度「{ceiling}」",
        "請改為「{ceiling}」以下（{clause}）",
    ),
    Code(
        "R504",
        W,
        "參選案「{value}」有 {count} 位主要承辦人員",
        "請確認；柒.二各款以主要承辦人員為準",
    ),
    Code("R505", W, "{value} 沒有職員編號，以單位與姓名辨識", "請補填職員編號，以免重複敘獎"),
    Code(
        "R506",
        E,
        "不同單位有同名者「{value}」且缺職員編號，無法判斷是否同一人",
        "請補填職員編號（柒.二.(五)）",
    ),
    Code(
        "R507",
        W,
        "同單位「{value}」與「{other}」可能是同一人",
        "請確認姓名用字；同一人請改為一致（柒.二.(五)）",
    ),
    Code(
        "R508",
        W,
        "{name} 同時列於柒.二敘獎與自行考核獎勵建議（{value}）",
        "請確認是否就同一事由重複獎勵",
    ),
    Code(
        "R509",
        W,
        "{name} 的建議獎勵「{value}」與固定額度「{fixed}」不同，依額度核列",
        "請改為「{fixed}」（{clause}）",
    ),
    Code(
        "R510",
        E,
        "{name} 所列參選編號「{value}」不在參選結果內，未列入名冊",
        "請更正參選編號，或補列該參選案",
    ),
    Code("R511", E, "職員編號「{value}」有不同姓名：{names}", "請確認職員編號與姓名"),
    Code("R512", W, "參選案「{value}」有多筆結果，採最高者「{stage}」", "請確認結果"),
    Code("R513", W, "自評與督導評分相差 {value} 分，超過 {threshold} 分", "請確認評分依據"),
    Code("R514", E, "參選案「{value}」沒有參選結果，無法計算獎勵", "請選填參選結果"),
    Code(
        "R516",
        E,
        "敘獎原則沒有「{role}」（{stage}）的額度，「{value}」無法核列",
        "請確認角色，或在年度設定的「敘獎原則」補列",
    ),
    Code(
        "R517",
        E,
        "同單位有多位職員編號不同的「{value}」，此筆缺職員編號，無法判斷是哪一位",
        "請補填職員編號（柒.二.(五)）",
    ),
    Code("R515", W, "議案 {value} 沒有填「是否達成共識」", "請填是或否（附件2.四.(二)）"),
    Code(
        "R518",
        W,
        "議案 {value} 已有共識，另填的召集人裁示不採用",
        "請確認是否達成共識（附件2.四.(二)）",
    ),
    # --- P: settings
    Code("P601", E, "構面權重合計 {value}%，應為 100%", "請調整「評核構面」的權重"),
    Code("P602", E, "年度設定「{value}」重複", "請確認代碼與名稱各只出現一次"),
    Code("P603", E, "年度設定缺少「{value}」", "請補上；可用 xltool new 產生的原始年度設定對照"),
    Code("P604", E, "「{value}」的截止日早於開始日", "請更正「年度行程」的日期"),
    Code("P605", E, "獎勵「{value}」不在獎度表內", "請使用獎度表所列名稱"),
    Code(
        "P607", E, "承辦單位代碼「{value}」不在「實施對象」內", "請更正承辦單位代碼，或補列該單位"
    ),
    Code("P608", W, "「實施對象」沒有計畫所列的「{value}」", "如非組織調整，請補列（計畫參）"),
    Code(
        "P609",
        E,
        "「年度行程」沒有「{value}」階段，表單無法標示截止日",
        "請補上該階段；階段名稱請勿更改",
    ),
    Code(
        "P610",
        W,
        "「{value}」在「{earlier}」截止（{due}）以前就開始",
        "請確認日期；前一階段的資料可能還沒收齊",
    ),
    Code("P611", E, "「{stage}」的日期 {value} 不在 {year} 年度或次年", "請更正「年度行程」的日期"),
    Code(
        "P612",
        W,
        "職稱層級「{value}」不是計畫所列的層級",
        "請確認是否為單位業務主管或專門委員以上（附件2.二.(一)）",
    ),
    Code(
        "P613",
        W,
        "「上年度業務」的單位代碼「{value}」不在「實施對象」內",
        "請更正為本年度的單位代碼",
    ),
    Code("P606", W, "敘獎原則沒有「{value}」的額度", "請在年度設定的「敘獎原則」補列（柒.二）"),
)
