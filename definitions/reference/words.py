"""What every key of the language means, in a few words of both languages: the reference is made of these, and a test finds one that is missing."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.model.step_kind import STEPS
from definitions.text import Said

#: By key, whichever part it stands in; ``Part.key`` where one part means something else by it.
WORDS: Mapping[str, Said] = {
    **{step.step_kind.key: step.step_kind.meaning for step in STEPS},
    "id": Said("流程的名字（小写字母、数字、连字符）", "The process's key"),
    "title": Said("标题，每种语言一句", "The title, one text a language"),
    "help": Said("说明，显示在标题下面", "A help text below the title"),
    "languages": Said("用哪几种语言", "The languages in which every text is given"),
    "calendar": Said("按哪个日历计算期限", "The calendar by which deadlines are reckoned"),
    "number": Said("编号的写法，须含流水号", "How issues are numbered; it holds the sequence"),
    "subject": Said("在列表里叫什么（模板）", "What an issue is called in lists (a template)"),
    "opened by": Said(
        "哪些人可以提出（citizen、deputy、staff……），不写则都可以",
        "The kinds of participants who may open one; left out: everybody",
    ),
    "taken by": Said(
        "哪些角色可以代群众登记（群众是反映人），并把群众说的话记下来；不写则谁也不能代办",
        "Which roles may enter one for a resident, who is its reporter, and note what the resident says; left out: nobody",
    ),
    "reporter": Said("提出人叫什么，例如“申请人”", "What whoever opens it is called"),
    "fields": Said("登记的内容", "The fields of an issue"),
    "roles": Said("由谁来办", "Who takes part"),
    "resolutions": Said("可能的办理结果", "How an issue can end"),
    "work": Said("除办理方式外，还允许怎样处理任务", "What may be done with a task besides its actions"),
    "withdraw": Said(
        "提出人到哪一步之前可以撤回；false 为不可撤回", "Until where the reporter may withdraw; false: never"
    ),
    "urge": Said("谁可以催办、多久一次；false 为不可催办", "Who may urge, and how often; false: nobody"),
    "reopen": Said(
        "办结以后谁可以要求重办、多长时间内、从哪一步开始",
        "Who may have it taken up again, for how long, and where",
    ),
    "alike": Said(
        "要反映同样事情的人能看到哪些内容，可以跟上，不必再填一遍；不写为看不到",
        "What those may read who are about to report the same, and can follow it instead; left out: nothing",
    ),
    "open311": Said(
        "其他程序可以按 Open311 GeoReport v2 报送；不写则不可以",
        "Other programs may report by Open311 GeoReport v2; left out: they may not",
    ),
    "Open311.description": Said(
        "对方写的“description”记入哪个字段", "The field that takes what they send as “description”"
    ),
    "Open311.address": Said(
        "对方写的地址或坐标记入哪个字段（text 或 place）",
        "The field that takes the address or position (text or place)",
    ),
    "Open311.group": Said("在对方那里归到哪一组", "The heading under which they list it"),
    "messages": Said(
        "某件事用哪些方式告知、是否紧急、怎样措辞；不写则按各人和单位的选择",
        "By which channels people are told of an event, whether it is urgent, and in which words; left out: as they and the office chose",
    ),
    "MessageRule.by": Said("方式的先后，先于各人的选择", "Channels in this order, before what people chose"),
    "MessageRule.urgent": Said("紧急：免打扰时段也发，也不并入汇总", "It passes quiet hours, and stands in no digest"),
    "MessageRule.texts": Said(
        "这件事的通知怎么写：一份，或几份（各给不同的人、走不同的方式）；不写则用通用文字",
        "What the message says: one text, or several for different people and channels; left out: the office's own words",
    ),
    "MessageText.for": Said("给哪些角色；不写则给所有人", "For which roles; left out: for everybody"),
    "MessageText.on": Said("走哪些方式；不写则不论哪种方式", "On which channels; left out: on all of them"),
    "MessageText.subject": Said(
        "标题，短信里往往只有这一句（模板）", "The subject; of a short message often all there is (a template)"
    ),
    "MessageText.first": Said(
        "第一句：要做什么、到哪天（模板）", "The first line: what is asked, and till when (a template)"
    ),
    "MessageText.advice": Said("末尾的提示（模板）", "A word of advice at the end (a template)"),
    "MessageText.call": Said(
        "链接上的字，例如“查看办理进展”（模板）", "The words on the link, such as “See how it goes” (a template)"
    ),
    "keep": Said(
        "办结后保存多久；不写则按本单位的规定", "How long it is kept after closure; left out: as the office has it"
    ),
    "personal": Said(
        "个人信息（非公开字段、姓名、联系方式、附件）保存多久，例如 2 years",
        "How long personal data are kept (private fields, names, contact data, attachments), such as 2 years",
    ),
    "Keep.file": Said(
        "整件保存多久，例如 10 years、for ever（永久）", "How long all of it is kept, such as 10 years, for ever"
    ),
    "figures": Said(
        "数据里怎么算：哪些办理算满意、算退回……", "What counts as what in figures: as satisfied, as returned …"
    ),
    "Tallying.as": Said(
        "事项算作哪一种：issue（群众诉求）、suggestion（代表建议）、duty（履职）、other（其他）",
        "What its issues are counted as: issue, suggestion, duty or other",
    ),
    "satisfied": Said(
        "算作满意的办理（步骤.办理）或字段", "The actions (step.action) or fields that count as satisfied"
    ),
    "basically satisfied": Said("算作基本满意的办理或字段", "What counts as basically satisfied"),
    "dissatisfied": Said(
        "算作不满意的办理或字段；“not 字段”指答“否”", "What counts as dissatisfied; “not” a field is its no"
    ),
    "returned": Said("算作退回的办理", "What counts as sent back"),
    "met": Said("算作已面商的办理或字段", "What counts as talked over face to face"),
    "responded": Said("算作有响应的字段（回访）", "What counts as a response, at a call-back"),
    "unanswered": Said("算作没有响应的字段", "What counts as no response"),
    "settled": Said("反映人说已解决的字段（回访）", "What counts as settled, as the reporter says"),
    "unsettled": Said("反映人说没有解决的字段", "What counts as not settled, as the reporter says"),
    "grade": Said("答复分类（A、B、C、D）所在的字段", "The field that holds the class of a reply"),
    "show": Said("给他们看的字段（不能是个人信息）", "The fields that they read; none of them private"),
    "Alike.within": Said("反映以后多长时间内", "For how long after it was reported"),
    "promises": Said(
        "承诺由谁跟踪、何时提醒、未兑现告诉谁",
        "Who chases promises, when they are reminded of, who hears of a broken one",
    ),
    "intake": Said("受理阶段的步骤；从第一步开始", "The steps of intake; the first one is the start"),
    "assignment": Said("分派阶段的步骤", "The steps of assignment"),
    "coordination": Said("协调阶段的步骤", "The steps of coordination"),
    "closure": Said("办结阶段的步骤", "The steps of closure"),
    "type": Said("类型", "The type"),
    "required": Said("是否必填：true、false 或条件", "Whether it must be filled in: true, false or a condition"),
    "when": Said("条件：成立时才有", "A condition: only while it holds"),
    "compute": Said("由表达式算出，不用填写", "Computed by an expression, never filled in"),
    "default": Said("事先填好的值", "What stands there at first"),
    "asked": Said(
        "false：提出时不问，由后面的步骤填写",
        "false: not asked when an issue is opened; later steps fill it in",
    ),
    "private": Said("个人信息：不公开，不写进通知", "Personal data: never in public, never in a message"),
    "seen by": Said("只有这些角色（和填写人）看得到", "Only these roles, and who filled it in, see it"),
    "sensitive": Said(
        "敏感个人信息（健康、身份证件等）：填写时单独征得同意",
        "Sensitive personal data (health, identity …): whoever fills it in agrees to that separately",
    ),
    "options": Said("可选的内容", "The options of a choice"),
    "of": Said("选项取自名册里的代码表", "Options from a list of codes in the register"),
    "columns": Said("表格的各列", "The columns of a table"),
    "at least": Said("最小值；表格为最少行数", "The least value, or number of rows"),
    "at most": Said("最大值；表格为最多行数", "The greatest value, or number of rows"),
    "longest": Said("最多多少个字", "The most characters"),
    "not before": Said(
        "不早于：别的日期字段、today（今天）或某一天；可写几项",
        "Not before: another field, today, or a day; one or several",
    ),
    "not after": Said(
        "不晚于：别的日期字段、today（今天）或某一天；可写几项",
        "Not after: another field, today, or a day; one or several",
    ),
    "pattern": Said(
        "格式：id number（身份证号）、credit code（统一社会信用代码）、postcode（邮编），或 {like, say}",
        "What it looks like: id number, credit code, postcode, or {like, say}",
    ),
    "like": Said("正则表达式，要合整段文字", "A regular expression for the whole text"),
    "Likeness.say": Said("格式不对时对人说什么", "What people are told when it does not look like this"),
    "unique": Said(
        "不能重复：true 为所有事项，open 为未办结的，station 同站的，year 同年的，reporter 同一人的；表格里为各行",
        "Stands once: true among all issues; open, station, year, reporter among those; in a table among its rows",
    ),
    "unit": Said("单位，显示在数字后面", "A unit, shown after the number"),
    "currency": Said("币种", "The currency"),
    "staff of": Said(
        "哪里的工作人员：station、station above、nearest station 或层级",
        "Staff of: station, station above, nearest station or a level",
    ),
    "deputies of": Said("哪里的代表", "Deputies of a place"),
    "liaison officers of": Said("哪里的联络员", "Liaison officers of a place"),
    "members of": Said(
        "哪个单位的人（代码），office 为代表工作机构",
        "Members of an organisation (code); office: the head office",
    ),
    "departments": Said("哪个字段里的单位", "The departments in a field"),
    "departments for": Said("按字段里的职责找最近的单位", "The nearest department with the competence in a field"),
    "people": Said("哪个字段里的人", "The people in a field"),
    "who did": Said("办理过某一步的人", "Whoever acted at a step"),
    "chosen by": Said("由哪个选择字段决定是谁", "The choice field that says which role it is"),
    "among": Said("哪个选项由哪个角色", "Which role for which option"),
    "otherwise": Said("其他选项、没有填写时由哪个角色", "The role for other options, and for none"),
    "function": Said("职务（clerk、head……）", "The function (clerk, head …)"),
    "industry": Said("行业取自哪个字段；station 为本站行业", "The field with the industry; station: the station's own"),
    "competence": Said("职责取自哪个字段", "The field with the competence"),
    "area": Said("从哪个字段的区域找起", "The field with the area to start from"),
    "level": Said("代表层级", "The level of deputies"),
    "speaks": Said("reporter：会说提出人的语言", "reporter: who speaks the reporter's language"),
    "ladder": Said("逐级接力的层级，从低到高", "The levels of a relay, from the lowest"),
    "pick": Said("几个人里怎样选一个，依次比较", "How one is picked, in this order"),
    "designated": Said("指定人选取自哪个字段", "The field with the person wanted"),
    "cap": Said("手上任务达到这个数就不再选", "Who has so many tasks is not picked"),
    "answerable": Said("负责到底", "Answers for the issue to the end"),
    "by name": Said("反映人看得到姓名，不只看到角色", "The reporter reads the name, and not only the role"),
    "fallback": Said("找不到人时由谁接手", "Who steps in when nobody is found"),
    "into": Said("并入字段里的事项", "Merges into the issue in a field"),
    "actions": Said("可以怎样办理", "What can be done"),
    "within": Said(
        "期限：时长、by 某日或几点、same day、until 字段、7 days before 字段；字段可能没填的再写 or 5 days；或按条件的列表",
        "The time allowed: a length, by a day or an hour, same day, until a field, 7 days before a field; or 5 days where it may be empty; or a list",
    ),
    "remind": Said("何时提醒", "When to remind"),
    "overdue": Said("逾期怎么办；可写几级", "What happens when it is overdue, in one rung or several"),
    "after": Said("到期后多久；不写为到期时", "How long after the deadline; left out: with it"),
    "extend": Said("可以申请延期", "More time may be asked for"),
    "shelve": Said("可以申请挂账（期限停走）", "The matter may be laid aside (the clock stands)"),
    "approved by": Said(
        "由谁批准：第一次第一个角色，第二次第二个……不写为不必批准",
        "Who approves: the first role the first time, the second the second …; left out: nobody has to",
    ),
    "also": Said("同时延长这些总期限：issue 或阶段", "The limits that get the same time: issue, or a stage"),
    "clock": Said(
        "continues：事项退回来时，期限从离开时接着算；不写为重新算",
        "continues: when the issue comes back, the time goes on where it stood; left out: anew",
    ),
    "restarts at": Said("走到这些步骤时，总期限重新起算", "The limit begins anew when the issue comes to these steps"),
    "Extension.by": Said("每次最多延多久", "The most time that may be had at once"),
    "Extension.at most": Said("在这一步最多几次", "How often in one visit of the step"),
    "Shelving.at most": Said("最多几次", "How often at most"),
    "for": Said("最多挂多久", "For how long at most"),
    "limits": Said("全程（issue）和各阶段的期限", "The time for the whole issue and for stages"),
    "questions": Said(
        "征询（期限停走）多长时间内答复；到时期限恢复计算，告诉征询人。不写为 5 个工作日",
        "How long a question that stops the clock may take; then the clock runs on and whoever asked is told. Left out: 5 working days",
    ),
    "resume within": Said(
        "暂停办理后多长时间内应当恢复；过时提醒负责人和办公室，一直到恢复。不写为 10 个工作日",
        "Within what time a suspended issue is to be resumed; then those who can are told, again and again. Left out: 10 working days",
    ),
    "reminders": Said(
        "office hours：提醒、逾期和升级只在收件人的办公时间发",
        "office hours: reminders and escalations wait for the recipient's office hours",
    ),
    "limits stand": Said(
        "在这一步时，阶段和全程的期限停走",
        "While the issue is here, the clocks of stage and issue stand",
    ),
    "other than": Said(
        "须回避的：步骤（办过的人）、reporter、角色、人员或单位字段；nobody 为不必回避",
        "Who may not act: steps (whoever acted there), reporter, roles, fields with people; nobody: all may",
    ),
    "Definition.other than": Said(
        "各步都须回避的：步骤、reporter、角色、人员或单位字段",
        "Who may act at no step: steps (whoever acted there), reporter, roles, fields with people",
    ),
    "Role.other than": Said(
        "不能担任这个角色的：步骤（办过的人）、reporter、角色、人员或单位字段",
        "Who may not act in this role: steps (whoever acted there), reporter, roles, fields with people",
    ),
    "supervised by": Said("从这一步起由这个角色督办", "This role supervises from here on"),
    "tell": Said("通知谁；{to, say} 可带自己的话", "Who is told; {to, say} adds words of its own"),
    "to": Said("下一步；back 为退回上一步", "Where it leads; back: where it came from"),
    "as": Said("办理结果；用于 link 时为关系", "The resolution; of a link: how they are related"),
    "then": Said("次数用完、没有上一级时走到哪里", "Where it leads once the bound or the ladder is at its end"),
    "hand up": Said("把这个角色交给上一级", "Hands this role up to the next rung"),
    "leaves": Said("离开这个并行步骤，其他各路不再办", "Leaves this parallel step; its other branches end"),
    "escalate": Said("逾期后也可以办理的角色", "Who may act too once it is overdue"),
    "ask": Said("表单要问什么", "What the form asks for"),
    "edit": Said("可以修改哪些已填内容", "Fields of the issue that may be changed"),
    "vote": Said("for 赞成，against 反对", "for or against"),
    "promise": Said("作出承诺：what 和 by 两个字段", "A promise: the fields what and by"),
    "what": Said("写承诺内容的字段", "The field that says what is promised"),
    "by": Said("谁；用于承诺时为写日期的字段", "Who; of a promise: the field with the day"),
    "until": Said(
        "each 步骤何时算办完；撤回时为到哪一步为止",
        "When an each step is complete; of withdrawing: up to where",
    ),
    "rows": Said(
        "表格每一行一项任务；由该行写明的单位（人）办，回答填回该行",
        "One task for each row of this table, for whom the row names; answered in the row",
    ),
    "in order": Said("一个办完再下一个", "One after the other"),
    "rejected": Said("通不过时怎么办", "The way when it can no longer be reached"),
    "nobody": Said("一个人也没有时怎么办", "The way when there is nobody to ask"),
    "weight": Said(
        "每一票的权重：表格.栏目，例如 units.area（投票人名下各行相加）",
        "What a vote weighs: a table and its column, such as units.area (added up over the voter's rows)",
    ),
    "counted by": Said(
        "按什么计票：persons（人数）、weight（权重）；写两样就都要达到",
        "What is counted: persons, weight; with both, both must be reached",
    ),
    "turnout": Said("至少多少参加才有效；期限一到就计票", "How many must take part; the deadline ends the vote"),
    "too few": Said("参加的不够时怎么办；不写按 rejected", "The way when too few took part; left out: rejected"),
    "within each": Said("某个角色自己的期限", "A deadline of its own for a role"),
    "hit policy": Said("判定表怎样取行：first、unique、any", "How rows are taken: first, unique, any"),
    "if": Said("判定表的一行：字段和格子", "A row of a decision table: fields and cells"),
    "join": Said("几路办完后汇合：all、any、数字", "How many branches must end: all, any, a number"),
    "with": Said("传给另一件事项的内容（表达式）", "Values for the other issue, by expression"),
    "save": Said("办完后取回哪些内容", "What is taken over afterwards"),
    "when left": Said(
        "不再等它时子事项怎么办：cancel 一并终止（不写即是），leave 让它自己办完；都会告知有关的人",
        "When nobody waits for the other issue any more: cancel (it ends too; so if left out) or leave (it goes on); its people are told",
    ),
    "failed": Said("调用不成时怎么办", "The way when it cannot be reached"),
    "retry": Said(
        "办不成时自动重试几次、隔多久；之后转工作人员。写在流程上，对没有另写的步骤都有效",
        "How often it is tried, and how long apart, before staff are called; said of the process, for steps that say nothing",
    ),
    "times": Said("总共试几次", "How many tries in all"),
    "first": Said(
        "第一次重试前等多久，例如 2 seconds；以后每次加倍",
        "The first wait, such as 2 seconds; each other is twice the one before",
    ),
    "Retry.longest": Said(
        "两次之间最多等多久，例如 10 minutes", "The longest wait between two tries, such as 10 minutes"
    ),
    "path": Said("接口路径", "The path below the connection's address"),
    "send": Said("发送的内容（表达式）", "What is sent, by expression"),
    "Publication.of": Said("讲的是哪件事项（字段）", "The field with the issue that it tells of"),
    "consent of": Said(
        "征得谁同意（字段；由系统填成那件事项的反映人）",
        "The field with whoever is asked; the house fills in the reporter of that issue",
    ),
    "photos": Said(
        "一起公开的照片（字段，逐张看过的）", "The field with the photographs that are shown; each was looked at"
    ),
    "text": Said("公开的文字（模板）", "The text that becomes public (a template)"),
    "kind": Said("类别", "The kind"),
    "points": Said("计几分（表达式）", "Points, by expression"),
    "say": Said("另外要说的话（模板）", "Words of its own (a template)"),
    "class": Said("归类，用于统计", "Groups resolutions for figures"),
    "delegate": Said("可否委托他人代办", "Whether somebody else may act on one's behalf"),
    "transfer": Said("转办：free 直接、with consent 须同意、no 不可", "Handing over: free, with consent, or no"),
    "question": Said("可否要求补充情况（期限暂停）", "Whether information may be asked for (the clock stands)"),
    "consult": Said("可否征求意见（期限不停）", "Whether opinions may be asked for (the clock runs)"),
    "add signer": Said("可否加签", "Whether signers may be added"),
    "every": Said("至少隔多久", "At least so long apart"),
    "chased by": Said("由谁跟踪", "Who chases them"),
    "broken": Said("未兑现时告诉谁", "Who hears of a broken one"),
    "Action.at most": Said(
        "在一件事项里最多走几次 to，之后走 then",
        "How often it may lead to ``to`` in one issue; then to ``then``",
    ),
    "Overdue.at most": Said(
        "在一件事项里最多走几次 to，之后走 then",
        "How often it may lead to ``to`` in one issue; then to ``then``",
    ),
    "Way.at most": Said(
        "在一件事项里最多走几次 to，之后走 then",
        "How often it may lead to ``to`` in one issue; then to ``then``",
    ),
    "Reopening.at most": Said("最多重办几次", "How often at most"),
    "Registration.of": Said("记给哪些角色", "Into whose files"),
    "Telling.to": Said("通知谁", "Who is told"),
    "Call.to": Said("外部系统连接的名字", "The connection's key"),
    "Urging.by": Said("哪些角色", "Which roles"),
    "Reopening.by": Said("哪些角色", "Which roles"),
    "Definition.options": Said("任务之外随时可办的", "What can be done at any time besides the tasks"),
    "during": Said(
        "在哪些阶段、步骤可以；不写则未办结都可以", "At which stages or steps; left out: as long as it is open"
    ),
    "StandingOption.by": Said("哪些角色", "Which roles"),
    "StandingOption.at most": Said("在一件事项里最多几次", "How often in one issue"),
    "StandingOption.to": Said(
        "整件事项转到这一步；不写则任务照旧", "The whole issue goes to this step; left out: the tasks stay"
    ),
    "Withdrawal.to": Said("撤回后走到哪一步；不写则就此结束", "The step at which it goes on; left out: it ends"),
    "Action.by": Said("由这一步的哪些角色办；不写则都可以", "Which of the step's roles may; left out: all"),
    "Pledge.by": Said("写办成日期的字段", "The field with the day"),
    "give": Said(
        "由系统编号：{字段: 编号的写法}，例如发文字号；已有编号的不再编",
        "Numbers that are given: {field: pattern}, such as a document number; an issue keeps one that it has",
    ),
    "Numbering.number": Said("编号的写法，须含流水号", "The pattern; it holds the sequence"),
    "series": Said("与别的流程共用的流水号的名字", "The name of a sequence that several processes share"),
    "count": Said("统计其他事项得出，不用填写", "Counted over other issues, never filled in"),
    "sum": Said("合计哪个字段；不写为数件数", "The field that is summed up; left out: issues are counted"),
    "Counting.of": Said("哪个流程的事项；不写为本流程", "Issues of which process; left out: of this one"),
    "same": Said(
        "reporter、station 或字段：与本事项相同的才算", "reporter, station or fields: only issues that have the same"
    ),
    "in": Said(
        "登记时间：today、this month、this quarter、this year；不写为不限",
        "Opened when: today, this month, this quarter, this year; left out: ever",
    ),
    "resolution": Said("只算这样办结的", "Only those that ended so"),
    "status": Said("open 只算在办的，closed 只算办结的", "open: only those still open; closed: only closed ones"),
    "resources": Said("可以预订的东西，例如会议室、车辆", "What can be booked, such as rooms and cars"),
    "which": Said("写明是哪一个的字段", "The field that says which one"),
    "capacity": Said("同时可订几份；可按选项分别写", "For how many at once; can be said for each option"),
    "kept as": Said("这样办结时预订保留", "With these resolutions the booking stays when the issue ends"),
    "Resource.from": Said("从哪天（几点）起的字段", "The field with the day or time from which"),
    "Resource.to": Said(
        "到哪天（几点）止的字段；不写为当天", "The field with the last day, or the time until which; left out: that day"
    ),
    "book": Said("预订这种资源；订满时不能这样办理", "Books this resource; refused when it is taken"),
    "release": Said("不再占用这种资源", "Frees this resource"),
    "from": Said("取哪个字段的值", "The field that says it"),
}
