"""P: the settings of the year, 年度設定."""

from __future__ import annotations

from xltool.findings.code import Code, Severity

CODES = (
    Code(
        "P601",
        Severity.ERROR,
        message="構面權重合計 {value}%，應為 100%",
        fix="請調整「評核構面」的權重",
        why="四構面的權重為本署自訂，合計必須是 100%，加權總分才與評分同一尺度。",
    ),
    Code(
        "P602",
        Severity.ERROR,
        message="年度設定「{value}」重複",
        fix="請確認代碼與名稱各只出現一次",
        why="代碼與名稱是對照的依據，只能各出現一次。",
    ),
    Code(
        "P603",
        Severity.ERROR,
        message="年度設定缺少「{value}」",
        fix="請補上；可用 xltool new 產生的原始年度設定對照",
        why="產生表單與計算規則都需要這一部分設定。",
    ),
    Code(
        "P604",
        Severity.ERROR,
        message="「{value}」的截止日早於開始日",
        fix="請更正「年度行程」的日期",
        why="截止日在開始日之前，期限無從計算。",
    ),
    Code(
        "P605",
        Severity.ERROR,
        message="獎勵「{value}」不在獎度表內",
        fix="請使用獎度表所列名稱",
        why="敘獎原則用到的獎勵必須列在獎度表，才能比較高低。",
    ),
    Code(
        "P606",
        Severity.WARNING,
        message="敘獎原則沒有「{value}」的額度",
        fix="請在年度設定的「敘獎原則」補列（柒.二）",
        why="柒.二的角色與結果應各有額度，缺少者遇到時無法核列。",
    ),
    Code(
        "P607",
        Severity.ERROR,
        message="承辦單位代碼「{value}」不在「實施對象」內",
        fix="請更正承辦單位代碼，或補列該單位",
        why="承辦單位應為實施對象之一。",
    ),
    Code(
        "P608",
        Severity.WARNING,
        message="「實施對象」沒有計畫所列的「{value}」",
        fix="如非組織調整，請補列（計畫參）",
        why="計畫參所列的單位應全數列入，組織調整時除外。",
    ),
    Code(
        "P609",
        Severity.ERROR,
        message="「年度行程」沒有「{value}」階段，表單無法標示截止日",
        fix="請補上該階段；階段名稱請勿更改",
        why="每一種表單對應年度行程的一個階段，截止日由此而來。",
    ),
    Code(
        "P610",
        Severity.WARNING,
        message="「{value}」在「{earlier}」截止（{due}）以前就開始",
        fix="請確認日期；前一階段的資料可能還沒收齊",
        why="前一階段還沒結束，後一階段就開始，資料可能還沒收齊。",
    ),
    Code(
        "P611",
        Severity.ERROR,
        message="「{stage}」的日期 {value} 不在 {year} 年度或次年",
        fix="請更正「年度行程」的日期",
        why="日期不在本年度或次年，可能是年份打錯。",
    ),
    Code(
        "P612",
        Severity.WARNING,
        message="職稱層級「{value}」不是計畫所列的層級",
        fix="請確認是否為單位業務主管或專門委員以上（附件2.二.(一)）",
        why="不是附件2.二.(一) 所列的層級，請確認是否相當。",
    ),
    Code(
        "P613",
        Severity.WARNING,
        message="「上年度業務」的單位代碼「{value}」不在「實施對象」內",
        fix="請更正為本年度的單位代碼",
        why="上年度業務的單位代碼今年已不存在，可能是組織調整。",
    ),
    Code(
        "P614",
        Severity.WARNING,
        message="參獎限制的業務編號「{value}」不是業務編號",
        fix="請填 03-02 的形式，多項以頓號分隔；一般性的限制請留白",
        why="參獎限制依業務編號排除業務，認不出的編號排除不了任何業務。",
    ),
    Code(
        "P615",
        Severity.WARNING,
        message="評分差距提醒 {value} 分不小於滿分 {full} 分，永遠不會提醒",
        fix="請把差距提醒改為小於滿分的分數，例如滿分 100 分時 15 分",
        why="自評與督導評分最多相差一個滿分；提醒的分數要小於它才有作用。",
    ),
)
