"""The group that the language tests speak in."""

from linli.language import Gazetteer

JINXIU = Gazetteer(
    group="锦绣苑3号楼",
    estate="锦绣苑",
    buildings=tuple(f"{n}号楼" for n in range(1, 13)),
    home_building="3号楼",
    roads=("锦绣路", "凤凰西街"),
    landmarks=("南门", "垃圾房", "小广场"),
)
YINHE = Gazetteer(
    group="银河湾业主群", estate="银河湾", buildings=("A座", "B座", "5幢", "6幢"), landmarks=("北门",)
)
