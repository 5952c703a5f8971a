"""S: which form it is, and whether its sheets, sections and fields are those that were issued."""

from __future__ import annotations

from xltool.findings.code import Code, Severity

CODES = (
    Code(
        "S201",
        Severity.ERROR,
        message="無法判斷是哪一種表單",
        fix="請使用原發表單填寫；勿刪除各區塊標題與欄位名稱",
        why="程式依隱藏的識別標記、文件屬性，再依標題與欄位名稱判斷表單；都對不上時不猜。",
    ),
    Code(
        "S202",
        Severity.ERROR,
        message="這是 {value} 年度的表單，目前辦理 {year} 年度",
        fix="請改填 {year} 年度的表單",
        why="表單內記著年度，不同年度的單位與構面可能不同，不能混用。",
    ),
    Code(
        "S203",
        Severity.ERROR,
        message="單位代碼「{value}」不在年度設定的單位清單",
        fix="請使用發給該單位的表單，或檢查年度設定的「實施對象」",
        why="表單發給的單位不在今年的「實施對象」內，可能是組織調整，或用了別的機關的表單。",
    ),
    Code(
        "S204",
        Severity.WARNING,
        message="檔案沒有識別標記，依內容判斷為「{form}」（{unit}）：{sure}",
        fix="請確認判斷正確；下次請直接填寫原發表單",
        why="原發表單內有識別標記；自行重製或複製貼上的檔案沒有，只能依內容判斷，請人確認。",
    ),
    Code(
        "S205",
        Severity.ERROR,
        message="找不到「{section}」區塊",
        fix="請勿刪除區塊標題；可重新下載空白表單填寫",
        why="整個區塊的標題都找不到，無法知道哪些儲存格屬於它。改名、移位、插入列都不影響，只有刪除會。",
    ),
    Code(
        "S206",
        Severity.ERROR,
        message="「{section}」缺少欄位「{field}」",
        fix="請恢復該欄位名稱，或改用原發表單",
        why="欄位靠名稱辨識；名稱被刪除或改寫後，填在那裡的內容就無法歸位。",
    ),
    Code(
        "S207",
        Severity.WARNING,
        message="此處文字不在任何欄位內，未列入彙整：「{value}」",
        fix="如屬填報內容，請移到對應欄位",
        why="內容打在格子外面，例如欄位右側或表格下方；程式保留並列出，但不知道該放進哪個欄位。",
    ),
    Code(
        "S208",
        Severity.NOTE,
        message="「{section}」填寫超過預留列數，已照常讀取",
        fix="不需處理",
        why="單位自行加了列，程式照樣讀取，此處只是說明。",
    ),
    Code(
        "S209",
        Severity.WARNING,
        message="表單版本為第 {value} 版，現行為第 {current} 版",
        fix="內容已照現行欄位讀取，請確認無遺漏",
        why="單位用的是較早發出的版本，欄位可能略有不同。",
    ),
    Code(
        "S210",
        Severity.ERROR,
        message="表單發給「{given}」，單位欄卻是「{value}」",
        fix="請確認由哪個單位填報；各單位請用發給自己的表單",
        why="表單的識別標記與「單位」欄不一致，常見於拿別單位的檔案來改。",
    ),
    Code(
        "S211",
        Severity.NOTE,
        message="此處的圖片不在照片欄位內，未列入彙整",
        fix="如屬成果照片，請移到「照片」區塊",
        why="圖片放在沒有照片欄位的地方，不會進入附件3。",
    ),
    Code(
        "S212",
        Severity.WARNING,
        message="此儲存格的註解未列入彙整：「{value}」",
        fix="如屬填報內容，請填入欄位；僅供說明者可不理會",
        why="有人習慣把補充寫在註解（附註）裡；彙整只讀欄位，註解保留並列出。",
    ),
    Code(
        "S213",
        Severity.NOTE,
        message="「{section}」與原表單不同，已照常讀取：{value}",
        fix="不需處理；請確認讀取無誤",
        why="插入或移動列、欄、工作表，改動欄位名稱的空白或隱藏列，都不影響讀取；此處逐項列出。",
    ),
)
