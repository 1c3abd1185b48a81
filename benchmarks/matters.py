"""Texts that residents might have written, made by a seed: what is wrong, where, and how it came about."""

from __future__ import annotations

import random
from dataclasses import dataclass

#: Of each kind (an option of ``category`` in the shipped process): what is wrong, in some of the words that people use for it.
_WRONG: dict[str, tuple[str, ...]] = {
    "lighting": (
        "路灯不亮", "楼道灯坏了", "路灯忽明忽暗", "路灯杆倾斜", "小区夜间没有照明", "路灯太暗", "景观灯彻夜不熄", "路灯被树挡住",
    ),
    "roads": (
        "路面坑洼", "人行道地砖松动", "井盖破损", "违停堵路", "红绿灯时间太短", "没有斑马线", "公交站牌倒了", "施工围挡不拆", "路面积水",
        "减速带坏了", "盲道被占", "电动车乱停", "公交车等得太久",
    ),
    "cleaning": (
        "垃圾桶满溢", "垃圾无人清运", "污水外溢", "河道漂浮垃圾", "油烟扰民", "建筑垃圾乱倒", "公厕太脏", "绿化带堆杂物", "异味刺鼻", "狗粪没人清",
    ),
    "utilities": ("停水没有通知", "水压太低", "自来水发黄", "频繁跳闸", "燃气管道裸露", "电表箱生锈", "下水道堵塞", "化粪池外溢", "水管爆裂"),
    "housing": (
        "电梯停运", "电梯困人", "外墙瓷砖脱落", "屋顶漏水", "物业不作为", "物业费上涨", "违章搭建", "消防通道被占", "飞线充电", "门禁损坏",
        "地下车库积水", "噪声扰民", "广场舞音响太大",
    ),
    "welfare": ("幼儿园学位不足", "社区医院缺药", "老人食堂太远", "助餐点关门", "校门口拥堵", "课后托管太贵", "残疾人坡道缺失", "看病排队太久"),
    "other": ("邻里纠纷", "流浪狗伤人", "树木需要修剪", "健身器材损坏", "快递柜收费", "信号不好", "宣传栏过期", "商铺占道经营"),
}  # fmt: skip
_HOW = (
    "已经持续{n}天了", "上个月就反映过一次", "物业说不归他们管", "打过热线没有回音", "晚上老人出门看不清路", "下雨天更严重", "影响几十户居民",
    "孩子上学要经过这里", "去年修过又坏了", "希望尽快处理", "附近居民都有意见", "找过社区，社区说要等", "有照片", "白天没事，一到晚上就这样",
    "楼上楼下都受影响", "已经有人摔倒", "请现场看一看", "施工单位联系不上", "说好上周来修，没有人来", "隔壁小区已经修好了",
)  # fmt: skip
_ROADS = (
    "厦禾路", "湖滨南路", "湖滨北路", "莲前西路", "莲前东路", "嘉禾路", "吕岭路", "仙岳路", "金尚路", "云顶中路", "环岛南路", "文曾路", "镇海路",
    "大同路", "中山路", "思明南路", "民族路", "鹭江道", "成功大道", "兴隆路", "华昌路", "长乐路", "枋湖北路", "钟林路", "杏锦路", "同集路", "银江路",
    "集源路", "滨湖路", "孙坂路", "海沧大道", "沧林路", "钟山路", "新阳路", "东孚大道", "朝元路", "环城北路", "银湖路", "西洲路", "马巷大道",
    "翔安南路", "新兴街", "巷北路", "内田路", "体育路", "育秀路", "斗西路", "白鹭洲路", "禾祥西路", "后滨路",
)  # fmt: skip
_ESTATES = (
    "莲花一村", "莲花二村", "莲花三村", "莲花五村", "前埔北区", "前埔南区", "瑞景新村", "金尚小区", "吕岭花园", "禾祥花园", "滨海公寓", "海湾新城",
    "湖明新村", "美仁新村", "文园小区", "龙山里", "天湖花园", "筼筜小区", "振兴新村", "金鼎花园", "康乐新村", "槟榔新村", "东渡小区", "兴华小区",
    "高林居住区", "五缘公寓", "金安社区", "祥店里", "后埔里", "蔡塘公寓", "古楼新村", "中亚城", "乐海花园", "宁宝世家", "银亭小区", "叶厝新村",
    "滨水小区", "未来海岸", "绿苑小区", "海投青春", "阳光公寓", "古龙居住区", "大同花园", "祥平家园", "洪塘新村", "新店新村", "马巷花园", "滨海家园",
    "翔城国际", "首开领翔",
)  # fmt: skip
_SURNAMES = "陈林黄张王李吴蔡郑许苏洪叶郭曾谢杨庄周赖邱柯潘廖卢江何徐余高朱沈方颜施施罗梁胡卓傅魏詹翁白温纪连章汪戴范彭吕康简游魏阮骆石钟蒋董韩唐冯"
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国志华玉红梅海龙春金凤宝珠美惠雅淑贞雪琴云飞宏毅俊峰嘉欣怡婷子轩梓涵晨曦阳思远浩然"
    "诗琪佳慧永福天赐阿水宗德顺兴添财木火土根生财旺来发水清月娥素珍碧莲彩霞"
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a resident reports; ``category`` is an option of the shipped process."""

    category: str
    subject: str
    place: str
    details: str
    reporter: str
    phone: str


class Writer:
    """Makes matters, always the same ones for a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def matter(self) -> Matter:
        """One more."""
        chance = self._random
        category = chance.choice(list(_WRONG))
        wrong, place = chance.choice(_WRONG[category]), self.place()
        begun = chance.random()
        subject = f"{place}{wrong}" if begun < 0.6 else f"{wrong}，{place}" if begun < 0.75 else wrong
        how = [one.format(n=chance.randint(2, 30)) for one in chance.sample(_HOW, chance.randint(1, 4))]
        details = "，".join([f"{place}{wrong}" if chance.random() < 0.5 else wrong, *how]) + "。"
        return Matter(category, subject[:60], place, details, self.name(), self.phone())

    def place(self) -> str:
        """A street and number, or a house of an estate."""
        chance = self._random
        if chance.random() < 0.5:
            return f"{chance.choice(_ROADS)}{chance.randint(1, 400)}号"
        house = f"{chance.choice(_ESTATES)}{chance.randint(1, 60)}{chance.choice('栋栋栋号')}"
        return house + (f"{chance.randint(1, 4)}单元" if chance.random() < 0.4 else "")

    def name(self) -> str:
        """What somebody is called."""
        chance = self._random
        return chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2, 2))))

    def phone(self) -> str:
        """A mobile number, seldom one in a house."""
        chance = self._random
        if chance.random() < 0.1:
            return f"0592-{chance.randint(2_000_000, 7_999_999)}"
        return f"1{chance.choice((30, 35, 36, 39, 50, 52, 58, 59, 80, 86))}{chance.randint(0, 99_999_999):08d}"
