"""The demo bank's units: who they are, and which of them books facts. Names are places, figures are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from t2sql.demo import months
from t2sql.demo.draws import Floats, Ints
from t2sql.demo.writing import Columns, words

_REGIONS = (
    ("华东区", "East China"),
    ("华南区", "South China"),
    ("华北区", "North China"),
    ("华中区", "Central China"),
    ("西南区", "Southwest China"),
)
WEST = 4
# 区域, 城市, English, 省份, 规模, 支行
_CITIES: tuple[tuple[int, str, str, str, float, str], ...] = (
    (
        0,
        "上海",
        "Shanghai",
        "上海市",
        1.8,
        "陆家嘴 Lujiazui,徐家汇 Xujiahui,静安 Jing'an,张江 Zhangjiang,虹桥 Hongqiao,外滩 The Bund",
    ),
    (
        0,
        "杭州",
        "Hangzhou",
        "浙江省",
        1.4,
        "西湖 West Lake,滨江 Binjiang,钱江新城 Qianjiang New City,萧山 Xiaoshan,余杭 Yuhang",
    ),
    (0, "南京", "Nanjing", "江苏省", 1.2, "新街口 Xinjiekou,鼓楼 Gulou,江宁 Jiangning,河西 Hexi"),
    (0, "苏州", "Suzhou", "江苏省", 1.2, "工业园区 Industrial Park,姑苏 Gusu,昆山 Kunshan,吴江 Wujiang"),
    (0, "宁波", "Ningbo", "浙江省", 0.9, "鄞州 Yinzhou,北仑 Beilun,慈溪 Cixi"),
    (1, "广州", "Guangzhou", "广东省", 1.3, "天河 Tianhe,越秀 Yuexiu,番禺 Panyu,白云 Baiyun,黄埔 Huangpu"),
    (
        1,
        "深圳",
        "Shenzhen",
        "广东省",
        1.6,
        "福田 Futian,南山 Nanshan,罗湖 Luohu,宝安 Bao'an,前海 Qianhai,龙岗 Longgang",
    ),
    (1, "厦门", "Xiamen", "福建省", 0.7, "思明 Siming,湖里 Huli,集美 Jimei"),
    (1, "福州", "Fuzhou", "福建省", 0.8, "台江 Taijiang,仓山 Cangshan,马尾 Mawei"),
    (
        2,
        "北京",
        "Beijing",
        "北京市",
        1.7,
        "中关村 Zhongguancun,金融街 Financial Street,国贸 Guomao,望京 Wangjing,亦庄 Yizhuang,通州 Tongzhou",
    ),
    (2, "天津", "Tianjin", "天津市", 0.9, "滨海 Binhai,和平 Heping,南开 Nankai"),
    (2, "济南", "Jinan", "山东省", 0.9, "历下 Lixia,泉城路 Quancheng Road,章丘 Zhangqiu,槐荫 Huaiyin"),
    (3, "武汉", "Wuhan", "湖北省", 1.1, "光谷 Optics Valley,汉口 Hankou,武昌 Wuchang,江汉 Jianghan,沌口 Zhuankou"),
    (3, "长沙", "Changsha", "湖南省", 0.9, "五一路 Wuyi Road,岳麓 Yuelu,星沙 Xingsha,雨花 Yuhua"),
    (3, "郑州", "Zhengzhou", "河南省", 0.9, "郑东新区 Zhengdong New District,金水 Jinshui,二七 Erqi,中原 Zhongyuan"),
    (
        4,
        "成都",
        "Chengdu",
        "四川省",
        1.2,
        "春熙路 Chunxi Road,高新 Hi-Tech Zone,锦江 Jinjiang,双流 Shuangliu,武侯 Wuhou",
    ),
    (4, "重庆", "Chongqing", "重庆市", 1.1, "解放碑 Jiefangbei,江北 Jiangbei,沙坪坝 Shapingba,南岸 Nan'an"),
    (4, "昆明", "Kunming", "云南省", 0.7, "五华 Wuhua,盘龙 Panlong,官渡 Guandu"),
)
_CLOSED, _SUCCESSOR = "姑苏", "工业园区"


@dataclass(frozen=True, slots=True)
class Network:
    """The units as columns, and those that book facts as arrays.

    Outlets are counted from 0; the head office's own book is the last.
    """

    columns: Columns
    branch_id: Ints
    """Outlet -> branch_id."""
    city: Ints
    """Outlet -> branch (level 3) number 0…17, 18 for the head office's own book."""
    city_weights: Floats
    """Branch (level 3) number -> relative size."""
    region_of_city: Ints
    outlet_weights: Floats
    """Outlet -> share within its branch."""
    places: tuple[str, ...]
    """Place names of the sub-branches, without 支行."""
    closed: int
    """The outlet that closed on 2024-09-30."""
    successor: int

    @property
    def head_office(self) -> int:
        """The outlet that books head-office items."""
        return len(self.branch_id) - 1

    def outlet_at(self, outlets: Ints, month: int | Ints) -> Ints:
        """Where an outlet's book stands at a month: the successor's once the outlet has closed."""
        return np.where((outlets == self.closed) & (np.asarray(month) > months.MERGER), self.successor, outlets)

    def pick_outlets(self, cities: Ints, uniform: Floats, month: int | Ints) -> Ints:
        """An outlet of each branch, larger ones more often."""
        outlets = np.zeros(len(cities), dtype=np.int64)
        for city in range(len(self.city_weights)):
            members = np.flatnonzero(self.city == city)
            edges = np.cumsum(self.outlet_weights[members])
            mask = cities == city
            outlets[mask] = members[np.searchsorted(edges, uniform[mask] * edges[-1], side="right")]
        return self.outlet_at(outlets, month)


def make_network() -> Network:
    """The 120 units."""
    rows: list[tuple[object, ...]] = []

    def add(
        id_: int,
        names: tuple[str, str],
        level: int,
        parent: int | None,
        *,
        at: tuple[str, str] | None = None,
        opened: str,
        path: tuple[tuple[str, str], ...],
    ) -> None:
        flat = [part for place in path for part in place] + [None] * (6 - 2 * len(path))
        province, city = at or (None, None)
        rows.append((id_, f"B{id_:05d}", *names, level, parent, province, city, opened, None, None, *flat))

    head = ("总行", "Head Office")
    add(1, head, 1, None, at=("上海市", "上海"), opened="1996-02-08", path=())
    for number, region in enumerate(_REGIONS):
        add(11 + number, region, 2, 1, opened="2004-01-01", path=(region,))
    outlets: list[tuple[int, int, float]] = []
    places: list[str] = []
    for number, (region_number, zh, en, province, _, subs) in enumerate(_CITIES):
        region = _REGIONS[region_number]
        branch = (f"{zh}分行", f"{en} Branch")
        year = 1996 + number % 9
        add(
            101 + number,
            branch,
            3,
            11 + region_number,
            at=(province, zh),
            opened=f"{year}-06-18",
            path=(region, branch),
        )
        own = (f"{zh}分行营业部", f"{en} Branch Main Office")
        names = [own]
        for place in subs.split(","):
            place_zh, place_en = place.split(" ", 1)
            places.append(place_zh)
            names.append((f"{place_zh}支行", f"{place_en} Sub-branch"))
        for k, outlet in enumerate(names):
            id_ = 10100 + number * 100 + k
            add(
                id_,
                outlet,
                4,
                101 + number,
                at=(province, zh),
                opened=f"{year + 2 * k if k else year}-0{3 + k}-16",
                path=(region, branch, outlet),
            )
            outlets.append((id_, number, 1.5 if k == 0 else 1.15 - 0.12 * k))
    book = ("总行本部", "Head Office Own Book")
    add(100, book, 4, 1, at=("上海市", "上海"), opened="1996-02-08", path=(head, head, book))
    outlets.append((100, len(_CITIES), 1.0))
    return _as_network(rows, outlets, tuple(places))


def _as_network(
    rows: list[tuple[object, ...]], outlets: list[tuple[int, int, float]], places: tuple[str, ...]
) -> Network:
    names = {str(row[2]): row for row in rows}
    closed_id, successor_id = (int(str(names[f"{place}支行"][0])) for place in (_CLOSED, _SUCCESSOR))
    rows = [(*row[:9], "2024-09-30", successor_id, *row[11:]) if row[0] == closed_id else row for row in rows]
    heads = (
        "branch_id",
        "branch_code",
        "branch_name",
        "branch_name_en",
        "level",
        "parent_id",
        "province",
        "city",
        "opened_on",
        "closed_on",
        "merged_into",
        "region_name",
        "region_name_en",
        "tier1_name",
        "tier1_name_en",
        "outlet_name",
        "outlet_name_en",
    )
    columns: Columns = {name: words([row[k] for row in rows]) for k, name in enumerate(heads)}
    ids = [id_ for id_, _, _ in outlets]
    return Network(
        columns=columns,
        branch_id=np.array(ids, dtype=np.int64),
        city=np.array([city for _, city, _ in outlets], dtype=np.int64),
        city_weights=np.array([city[4] for city in _CITIES], dtype=np.float64),
        region_of_city=np.array([city[0] for city in _CITIES], dtype=np.int64),
        outlet_weights=np.array([weight for _, _, weight in outlets], dtype=np.float64),
        places=places,
        closed=ids.index(closed_id),
        successor=ids.index(successor_id),
    )
