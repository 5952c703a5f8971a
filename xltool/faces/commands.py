"""The command line as a list: each command, what it does, what its help says, what it takes."""

from __future__ import annotations

from pathlib import Path

from xltool.faces import actions
from xltool.faces.meant import form_named
from xltool.faces.parser import Action, Command, Option, roc_day, roc_year

ISSUABLE = ("enrolment", "report", "review", "meeting", "contest")
FORM_KEYS = ("settings", *ISSUABLE)
"""Keys of the declared forms, named here because the help must not load them."""
_ISSUABLE, _FORM = form_named(ISSUABLE), form_named(FORM_KEYS)

_MARKS = (actions.CLOSED, actions.OPEN)
FOLDER = Option(
    "--folder", "年度資料夾；不填則用所在的、選定的或唯一未結案的年度", "資料夾", type=Path
)
JSON = Option("--json", "以 JSON 輸出，供程式讀取")
DAY = Option("--day", "以哪一天計算；不填為今天", "日期", type=roc_day)
PURPOSE = Option(
    "--purpose",
    "督導小組會議的任務：確認項目、推薦參獎；不填則依年度進度（尚無成果填報時為確認項目）",
    "任務",
    choices=actions.PURPOSES,
)
CODE = Option("code", "檢核代碼，例如 V301", "代碼", nargs="?")


def _of_year(name: str, action: Action, text: str) -> Command:
    """A command that takes nothing but the year."""
    return Command(name, action, text, (f"xltool {name}", f"xltool {name} --json"), (FOLDER, JSON))


COMMANDS = (
    Command(
        "new",
        actions.new,
        "建立新年度資料夾，內含填好的年度設定.xlsx",
        (
            "xltool new 114",
            "xltool new 114 --folder D:\\提升服務效能\\114",
            "xltool new 115 --from 114          沿用上年度設定，帶入延續業務",
        ),
        (
            Option("year", "民國年，例如 114", "年度", type=roc_year),
            Option(
                "--from",
                "上年度的年度資料夾；只填年度時為 workbooks 內的資料夾",
                "上年度",
                type=Path,
                dest="source",
            ),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "issue",
        actions.issue,
        "產生要發出的表單（一單位一檔）到「發出」資料夾",
        (
            "xltool issue enrolment            參與業務調查表（3月）",
            "xltool issue report               執行成果填報表（11月），帶入調查表內容",
            "xltool issue review               督導意見表",
            "xltool issue meeting              會議紀錄表，帶入下一次會議的議案",
            "xltool issue meeting --purpose 確認項目  確認業務項目及目標的會議（3月）",
            "xltool issue contest              參選結果表",
            "xltool issue report --units 03 07 只發給指定單位",
            "xltool issue report --supplement  12月資料補正：帶入各單位已回傳的內容與照片",
        ),
        (
            Option("form", "、".join(ISSUABLE), "表單", type=_ISSUABLE),
            Option("--units", "只發給這些單位代碼", "代碼", nargs="+"),
            PURPOSE,
            Option("--supplement", "12月補正：以各單位已採用的回傳檔為底再發一次"),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "check",
        actions.check,
        "檢核回收的表單，逐檔列出工作表、儲存格與改法；不改動任何檔案",
        (
            "xltool check                          檢核收件匣",
            "xltool check 回傳\\03.xlsx 04.ods       檢核指定檔案",
            "xltool check --return                 為每份有錯誤的回傳檔產生退回修正檔",
            "xltool check --report                檢核結果另存網頁與 Excel 到「成果」資料夾",
            "xltool check --rehearse 新設定.xlsx    試算改用另一份年度設定會新增哪些錯誤",
            "xltool check --json > 檢核結果.json",
        ),
        (
            Option("--report", "另存檢核報告（網頁與 Excel）到「成果」資料夾"),
            Option(
                "--rehearse",
                "試算：改用這份年度設定，已收的回傳檔會新增或消除哪些錯誤；不寫入任何檔案",
                "年度設定",
                type=Path,
            ),
            Option(
                "--return",
                "有錯誤的回傳檔，另產生一份標示錯誤、可直接修改回傳的檔案到「發出」資料夾",
                dest="give_back",
            ),
            Option("files", "不填則檢核收件匣全部", "檔案", type=Path, nargs="*"),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "waive",
        actions.waive,
        "同意某單位的一項檢核結果，或一項與計畫、法規不同的設定，不必更正（留下理由與姓名，僅本年度有效）；不加參數則列出",
        (
            "xltool waive",
            "xltool waive C403 --unit 07 --form report --reason 本年度停辦，已簽准 --by 王小明",
            "xltool waive V301 --unit 03 --cell 業務 03-01!C12 --reason 另以公文補送 --by 王小明",
            "xltool waive P619 --cell 敘獎原則!E20 --reason 115年計畫修正，奉核文號… --by 王小明",
            "xltool waive C403 --unit 07 --remove",
        ),
        (
            CODE,
            Option("--unit", "單位代碼，例如 03；年度設定的檢核不填", "代碼"),
            Option("--form", "只限這種表單；不填則不限", "表單", type=_FORM),
            Option("--cell", "只限這一格，例如 業務 03-01!C12；不填則不限", "位置"),
            Option("--reason", "為什麼不必更正", "理由"),
            Option("--by", "誰同意的", "姓名"),
            Option("--remove", "取消同意"),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "explain",
        actions.explain,
        "說明一個檢核代碼：為什麼會出現、怎麼處理；不加代碼則列出全部",
        ("xltool explain V301", "xltool explain", "xltool explain --json"),
        (CODE, JSON),
    ),
    Command(
        "remind",
        actions.remind,
        "為逾期未繳或有錯誤待修正的單位產生催辦郵件草稿，各列自己的待辦事項",
        ("xltool remind", "xltool remind --day 114.12.11"),
        (DAY, FOLDER, JSON),
    ),
    Command(
        "diff",
        actions.diff,
        "同一單位前後兩次回傳、第一次回傳與發出時，逐格列出改了什麼；或比較兩號敘獎名冊",
        (
            "xltool diff",
            "xltool diff --unit 03 --form report",
            "xltool diff 敘獎                  最後兩號敘獎名冊",
            "xltool diff 敘獎 1 3",
        ),
        (
            Option("what", "「敘獎」比較名冊，後面可寫兩個號；不填則比較回傳", "對象", nargs="*"),
            Option("--unit", "只列這個單位", "代碼"),
            Option("--form", "只列這種表單", "表單", type=_ISSUABLE),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "where",
        actions.where,
        "查詢總表的一格或附件3的一段文字從哪裡來：單位、檔案、版本、儲存格、規則與條款",
        (
            "xltool where 114年提升服務效能總表.xlsx 業務總表!F12",
            "xltool where 114年提升服務效能執行成果說明.docx 建置線上查詢平臺",
        ),
        (
            Option("file", "總表（.xlsx）或附件3（.docx）", "檔案", type=Path),
            Option("place", "儲存格（業務總表!F12），或文件內的一段文字", "位置"),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "why",
        actions.why,
        "說明一項業務或一個人的結果：評分、推薦、決議、敘獎的步驟、條款與未採的理由（含個資）",
        ("xltool why 03-01", "xltool why 王小明"),
        (Option("subject", "業務編號、業務名稱、姓名或職員編號", "業務或姓名"), FOLDER, JSON),
    ),
    _of_year("merge", actions.merge, "收件匣登錄到收件紀錄，寫出提升服務效能總表"),
    _of_year("score", actions.score, "計算自評與督導評分、名次，寫入總表"),
    _of_year(
        "recommend",
        actions.recommend,
        "列出推薦參獎的順序、會議所選與迴避，不寫入檔案",
    ),
    _of_year("meeting", actions.meeting, "列出各次會議是否成會、代理出席與各案決議"),
    _of_year("rewards", actions.rewards, "產出敘獎建議名冊，寫入總表"),
    Command(
        "packet",
        actions.packet,
        "產出督導小組會議資料（Word）：議程、簽到、業務清冊或一案一頁、決議草案",
        (
            "xltool packet                     下一次會議",
            "xltool packet --purpose 確認項目      確認業務項目及目標的會議（3月）",
            "xltool packet --json",
        ),
        (PURPOSE, FOLDER, JSON),
    ),
    _of_year("annex3", actions.annex3, "產出附件3執行成果說明（Word）"),
    _of_year(
        "export",
        actions.export,
        "匯出資料集（CSV、JSON、Parquet）與資料字典，供其他程式使用",
    ),
    _of_year("run", actions.run, "一次完成：收件、檢核、總表、評分、敘獎名冊、附件3"),
    Command(
        "status",
        actions.status,
        "各單位繳交情形與剩餘或逾期日數",
        (
            "xltool status",
            "xltool status --day 114.12.08",
            "xltool status --report               另存網頁到「成果」資料夾",
        ),
        (DAY, Option("--report", "另存網頁到「成果」資料夾"), FOLDER, JSON),
    ),
    Command(
        "open",
        actions.open_,
        "開啟年度的檔案或成果資料夾",
        ("xltool open 總表", "xltool open 附件3", "xltool open              成果資料夾"),
        (
            Option(
                "what",
                "、".join(actions.OPENABLE),
                "檔案",
                choices=("", *actions.OPENABLE),
                nargs="?",
            ),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "form",
        actions.form,
        "列出一種表單的欄位（資料字典）",
        ("xltool form report", "xltool form enrolment --json"),
        (Option("form", "、".join(FORM_KEYS), "表單", type=_FORM), FOLDER, JSON),
    ),
    Command(
        "use",
        actions.use,
        "選定之後的指令要用哪個年度，直到該年度結案或另外選定",
        ("xltool use 114",),
        (Option("year", "民國年，例如 114", "年度", type=roc_year), JSON),
    ),
    Command(
        "mark",
        actions.mark,
        "註記年度已結案（不再是未指定年度時的選擇）或恢復未結案",
        ("xltool mark 結案 --folder workbooks/114", "xltool mark 未結案 --folder workbooks/114"),
        (
            Option("what", f"{actions.CLOSED}、{actions.OPEN}", "註記", choices=_MARKS),
            FOLDER,
            JSON,
        ),
    ),
    Command(
        "console",
        actions.console,
        "建立 Excel 按鈕操作的總控台.xlsm（Windows 搭配 Excel 使用）",
        ("xltool console",),
        (FOLDER, JSON),
    ),
    Command(
        "demo",
        actions.demo,
        "以範例年度從頭到尾示範一次，並列出每個成果的位置",
        ("xltool demo", "xltool demo --folder 示範"),
        (Option("--folder", "示範用的新資料夾；不填則建在目前位置", "資料夾", type=Path),),
    ),
)
