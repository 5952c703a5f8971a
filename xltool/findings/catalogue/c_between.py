"""C: what only several fields, forms or units together show."""

from __future__ import annotations

from xltool.findings.code import Code, Severity

CODES = (
    Code(
        "C401",
        Severity.ERROR,
        message="「{field}」未填；「{other}」為「{answer}」時必須填寫",
        fix="請填寫{field}",
        why="這個欄位在另一欄為某值時才必填，例如勾選跨機關時的合作對象。",
    ),
    Code(
        "C402",
        Severity.ERROR,
        message="勾選「{value}」，但「{section}」仍有填寫內容",
        fix="如有辦理，請在「填報情形」改選另一項；確實沒有，請清除「{section}」的內容",
        why="選了「無辦理」卻仍有內容，無法知道以何者為準。",
    ),
    Code(
        "C403",
        Severity.ERROR,
        message="「{section}」至少要填 {least} 筆，目前 {count} 筆",
        fix="請在「{section}」至少填 {least} 筆{otherwise}",
        why=(
            "這個區塊至少要有幾筆。整個單位確實沒有業務時，請在「填報資料」的「填報情形」選「無」的那一項；"
            "一項業務的區塊（例如量化成效）只能填該項業務的內容，不能因此把整份表改選「無」。"
        ),
    ),
    Code(
        "C404",
        Severity.ERROR,
        message="「{field}」的「{value}」重複",
        fix="請確認後保留一筆，或改為不同的值",
        why="編號、姓名等在表內只能出現一次，重複會使彙整時對不上。",
    ),
    Code(
        "C405",
        Severity.WARNING,
        message="「{field}」有分數但沒有佐證說明",
        fix="請補充佐證說明",
        why="陸.一.(三) 的評分應有佐證，否則督導小組無從審視。",
    ),
    Code(
        "C406",
        Severity.ERROR,
        message="業務編號「{value}」不在參與業務調查表內",
        fix="請使用原發表單；新增業務請先補填參與業務調查表",
        why="業務編號由調查表而來；對不上時，成果、人員與意見無法歸到業務。",
    ),
    Code(
        "C407",
        Severity.WARNING,
        message="已調查的業務「{value}」未填報執行成果",
        fix="請單位補報這一項；已停辦的，請在該項的「辦理情形」寫明停辦與原因",
        why="調查表有、填報表沒有的業務，附件3 會缺這一項。",
        matters=True,
    ),
    Code(
        "C408",
        Severity.WARNING,
        message="第 {value} 張照片沒有圖說",
        fix="請在照片左邊的「圖說」欄填寫",
        why="附件3 的照片都有圖說。",
    ),
    Code(
        "C409",
        Severity.WARNING,
        message="有圖說「{value}」但找不到照片",
        fix="請插入照片，或清除圖說",
        why="有圖說沒有照片，可能是照片被刪除，或檔案轉存時遺失。",
    ),
    Code(
        "C410",
        Severity.WARNING,
        message="照片過小（{value} 像素），印出會模糊",
        fix="請改用寬 800 像素以上的原始照片",
        why="附件3 的照片寬約 8 公分，像素太少印出來會模糊。",
    ),
    Code(
        "C411",
        Severity.ERROR,
        message="照片無法讀取（{value}）",
        fix="請以 JPG 或 PNG 重新插入照片",
        why="圖檔毀損、格式不支援，或只是連結而沒有圖。",
    ),
    Code(
        "C412",
        Severity.WARNING,
        message="督導小組成員職稱層級「{value}」不在年度設定內",
        fix="請確認是否為單位業務主管或專門委員以上（附件2.二.(一)）",
        why="督導小組成員應為單位業務主管或專門委員以上層級（附件2.二.(一)）。",
    ),
    Code(
        "C413",
        Severity.WARNING,
        message="收件匣內的年度設定不採用",
        fix="請直接修改年度資料夾內的年度設定，並將此檔移出收件匣",
        why="年度設定由承辦人在年度資料夾內維護，收件匣內的一律不採用，避免誤用。",
        matters=True,
    ),
    Code(
        "C414",
        Severity.WARNING,
        message="評核構面「{value}」不在年度設定內，該列評分未計入",
        fix="請確認年度設定的「評核構面」，或重新產生表單填報",
        why="構面名稱與年度設定不同，權重無從套用。",
    ),
    Code(
        "C415",
        Severity.WARNING,
        message="內文含有同仁姓名、職員編號或聯絡資料",
        fix="公布前請確認並刪除個人資料（伍.一、陸.一.(五)）",
        why="附件3 會公布於網站，不得有同仁個人資料。",
    ),
    Code(
        "C416",
        Severity.WARNING,
        message="同一單位有兩位成員的督導意見：{value}",
        fix="如為同一人，請將不採用的檔案移到「不採用」資料夾（附件2.二.(一) 每單位 1 人）",
        why="每單位的督導小組成員只有一人，兩份意見可能是換人，也可能是姓名用字不同。",
        matters=True,
    ),
    Code(
        "C417",
        Severity.WARNING,
        message="上年度編號「{value}」不是該單位的上年度業務",
        fix="請確認「年度設定」的上年度業務編號；對不上時，填報表不會帶入上年度精進方向（柒.一）",
        why="填了上年度編號，但該單位上年度沒有這一項，無法帶入其未來精進方向。",
    ),
    Code(
        "C418",
        Severity.WARNING,
        message="「{field}」的 {count} 處內容完全相同：「{value}」",
        fix="請確認是否為複製貼上，並分別填寫實際內容",
        why="各構面的佐證、各業務的成果應各有內容；完全相同通常是複製後忘了改。",
    ),
    Code(
        "C419",
        Severity.WARNING,
        message="「{field}」與 {other} 的內容完全相同",
        fix="請確認是否為共同辦理；否則請分別填寫實際內容",
        why="不同單位的業務寫得一字不差，可能是共同辦理，也可能互相複製；附件3 會並列出現。",
    ),
    Code(
        "C420",
        Severity.WARNING,
        message="照片與 {other} 的照片完全相同",
        fix="請確認放對照片；同一張照片不宜用於兩項業務",
        why="兩項業務用了同一個圖檔，附件3 會重複出現。",
    ),
    Code(
        "C421",
        Severity.WARNING,
        message="「{field}」由發出時的「{issued}」改為「{value}」，已採用",
        fix="請確認單位確有變更；不同意時請單位更正",
        why="單位在已帶入資料的格子填了新的內容，類別與目標會影響分類與達成情形，請看一下。",
    ),
    Code(
        "C422",
        Severity.NOTE,
        message="「{field}」由發出時的「{issued}」改為「{value}」，已採用",
        fix="不需處理；以單位改填的內容為準",
        why="單位在已帶入資料的格子填了新的內容，總表與附件3 採用新的內容。",
    ),
    Code(
        "C423",
        Severity.WARNING,
        message="「{field}」已帶入「{issued}」，回傳檔改為「{value}」，未採用",
        fix="如須變更，請在原來填報的表更正，或請單位說明",
        why=(
            "已帶入資料的格子被改寫或清空，但這一格不能由此表變更、此表填「無」，"
            "或改成了選單沒有的內容；原內容不變。"
        ),
    ),
    Code(
        "C424",
        Severity.WARNING,
        message="「{field}」發出時為「{issued}」，此表改為「{value}」，原表也已更正為「{now}」",
        fix="已採用原表較新的「{now}」；如應以此表為準，請單位再更正原表",
        why="同一項資料在兩份表各自變更，程式採用原來填報的表，不替人決定其他。",
    ),
    Code(
        "C425",
        Severity.WARNING,
        message="{changed}與發出時不同，但「{field}」未填",
        fix="請在「{field}」說明變更的原因；如非有意變更，請恢復原內容",
        why="名稱、類別、方法或目標與調查表不同時，要看得出為什麼，也要確定不是誤改。",
    ),
    Code(
        "C426",
        Severity.WARNING,
        message="{fields}與參與業務調查表不同，未採用；此檔沒有記載發出時的內容",
        fix="如為單位所改，請單位改填於發出的表，或更正參與業務調查表；否則不需處理",
        why="重新打字或舊版的檔案不知道發出時帶入了什麼：可能是單位改的，也可能是調查表後來更正，故不採用。",
    ),
    Code(
        "C427",
        Severity.WARNING,
        message="檔案記載的存檔時間（{value}）不可能，改以收到時間分先後",
        fix="請確認採用的版本；如應採用另一份，請把不要的一份移到「不採用」資料夾",
        why="存檔時間早於表單發出，或晚於收到的時間，是那台電腦的時鐘不準；這樣的時間不能決定哪一份是更正後的版本。",
    ),
)
