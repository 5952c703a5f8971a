"""V: what stands in one field."""

from __future__ import annotations

from xltool.findings.code import Code, Severity

CODES = (
    Code(
        "V301",
        Severity.ERROR,
        message="「{field}」未填",
        fix="請填寫{field}",
        why="必填欄位沒有內容；填「無」「－」等也視為未填（可不填的欄位則視為空白）。",
    ),
    Code(
        "V302",
        Severity.ERROR,
        message="「{field}」填的「{value}」不是數字",
        fix="請填阿拉伯數字，例如 {example}",
        why="應為數字的欄位填了文字；全形數字、千分位、「分」「%」與中文數字都能讀。",
    ),
    Code(
        "V303",
        Severity.ERROR,
        message="「{field}」填的「{value}」超出範圍（{low}～{high}）",
        fix="請填 {low} 到 {high} 之間的數字",
        why="數字超出表單宣告的上下限，例如評分 0～100。",
    ),
    Code(
        "V304",
        Severity.ERROR,
        message="「{field}」填的「{value}」不是有效日期",
        fix="請填民國日期，例如 {example}",
        why="民國、西元的常見寫法都能讀（114.11.30、114年11月30日、1141130、2025/11/30）；這個日期讀不出來，或日曆上沒有。",
    ),
    Code(
        "V305",
        Severity.ERROR,
        message="「{field}」填的「{value}」不在選項內",
        fix="請從下拉選單選擇：{choices}",
        why="選項欄位填了清單以外的文字；全形、空白、台／臺、簡體的差異不計。",
    ),
    Code(
        "V306",
        Severity.ERROR,
        message="「{field}」超過字數上限（{length} 字，上限 {limit} 字）",
        fix="請精簡到 {limit} 字以內",
        why="超過表單宣告的字數上限，附件3 或名冊會排不下。",
    ),
    Code(
        "V307",
        Severity.ERROR,
        message="「{field}」填的「{value}」格式不符",
        fix="{hint}",
        why="代碼、電話、電子郵件等有固定格式。",
    ),
    Code(
        "V308",
        Severity.NOTE,
        message="「{field}」由「{value}」判讀為「{read}」",
        fix="不需處理；判讀有誤請更正",
        why="程式把內容改寫成一致的寫法（例如 114/11/30 讀成 114.11.30），原文仍保留。",
    ),
    Code(
        "V309",
        Severity.ERROR,
        message="「{field}」是 Excel 錯誤值（{value}）",
        fix="請改填正確的值，勿引用其他檔案",
        why="公式算不出結果，常見於引用了別的檔案或刪除了來源儲存格。",
    ),
    Code(
        "V310",
        Severity.ERROR,
        message="「{field}」填的「{value}」不是整數",
        fix="請填整數，例如 {example}",
        why="件數、順序等只能是整數。",
    ),
    Code(
        "V311",
        Severity.WARNING,
        message="鎖定欄位「{field}」被改為「{value}」，原為「{given}」",
        fix="如確有變更，請在「與調查表不同之處」說明",
        why="由本署帶入的欄位被改過；調查表是唯一依據，變更請寫在說明欄。",
    ),
    Code(
        "V312",
        Severity.ERROR,
        message="「{field}」不可換行",
        fix="請刪除換行，寫成一段",
        why="名冊等處只能一行，換行會使表格變形。",
    ),
    Code(
        "V313",
        Severity.ERROR,
        message="「{field}」填「{value}」，彙整後無法對照",
        fix="請寫出完整內容",
        why="「同上」在彙整排序後就不知道指哪一列。",
    ),
    Code(
        "V314",
        Severity.NOTE,
        message="「{field}」含簡體字（{value}）",
        fix="已保留原文；公布前請改為正體字",
        why="從其他來源複製的文字常夾帶簡體字；選項與欄位名稱會自動對應，內文則原樣保留，由人更正。",
    ),
    Code(
        "V320",
        Severity.WARNING,
        message="「{field}」一格填了多人（{count}）",
        fix="請一格只填一人；多人請各填一列",
        why="一格填了幾個人，就無法知道編號、職稱、角色、獎勵是誰的，也看不出是否重複敘獎（柒.二.(五)）；參選結果表裡這樣的一列不核列，待釐清。",
    ),
    Code(
        "V321",
        Severity.WARNING,
        message="「{field}」除姓名外另有「{value}」",
        fix="請只填姓名；職稱填在職稱欄，其他說明填在備註欄",
        why="姓名會印在名冊，也用來辨識是否同一人；旁邊的註記（例如已調職、代理）是要問清楚的事，不是姓名的一部分。比對姓名時不計註記。",
    ),
    Code(
        "V322",
        Severity.ERROR,
        message="{field}填有身分證統一編號或居留證號，已不讀取",
        fix="請刪除該號碼；職員編號請填機關的職員編號，身分證字號由人事單位另行補列",
        why="敘獎名冊不蒐集身分證統一編號。檢查碼相符的號碼一律不讀入，任何紀錄、匯出、郵件、畫面都沒有；退回修正的檔案裡這一格的號碼已清空，原檔保持不動。",
    ),
    Code(
        "V323",
        Severity.WARNING,
        message="{field}有身分證統一編號或居留證號，已略去",
        fix="請確認並刪除；如為其他編號而恰巧相符，請加註文字或改寫",
        why="表單不蒐集身分證統一編號，也不得公布。檢查碼相符的號碼一律不讀入，其餘文字照常採用，原檔保持不動。",
    ),
)
