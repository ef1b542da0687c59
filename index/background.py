"""Texts about many things, by which cosines of different encoders are brought to one scale.

One encoder puts all texts of a language close together, so that 0.8 says nothing; of another 0.8 says much. What two
texts have in common beyond any two is told by how far their cosine stands above those with texts picked at random.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]

TEXTS = (
    "各单位应当在每年三月底前报送上一年度工作总结。",
    "申请人应当提交身份证明和房屋权属证明的原件及复印件。",
    "河道两岸五十米范围内禁止新建、扩建排污口。",
    "会议认为，当前经济运行总体平稳，但困难和挑战依然不少。",
    "学校每学期至少组织一次消防疏散演练，并做好记录。",
    "粮食播种面积稳定在一百二十万亩以上，总产量保持稳定。",
    "公务用车实行统一编制、统一标准、统一购置。",
    "逾期不缴纳罚款的，每日按罚款数额的百分之三加处罚款。",
    "要把群众的小事当作自己的大事，从群众不满意的地方改起。",
    "新建住宅小区应当同步建设社区养老服务用房。",
    "对符合条件的小微企业，给予贷款利息百分之五十的补贴。",
    "本办法由市财政局负责解释，自印发之日起施行。",
    "医疗机构应当按照规定填写病历，并妥善保管。",
    "任何组织和个人不得侵占、买卖集体所有的土地。",
    "青年干部要多到基层去，在实践中增长才干。",
    "全市森林覆盖率提高到百分之四十三点五。",
    "劳动者在试用期内提前三日通知用人单位，可以解除合同。",
    "图书馆周一闭馆，节假日照常开放，凭证借阅。",
    "他沿着河边走了很久，天黑时才回到家里。",
    "这种鸟在北方繁殖，秋天成群飞往南方过冬。",
    "把面粉和水按比例混合，揉成光滑的面团后静置半小时。",
    "比赛进行到第七十分钟，主队利用角球扳平了比分。",
    "电池充满以后应当拔下电源，不要放在阳光下。",
    "山里的气温比城里低得多，早晚要加一件外衣。",
    "这首曲子写于十八世纪，后来改编成了钢琴独奏。",
    "地球绕太阳公转一周约需三百六十五天。",
    "从车站出来向右走二百米，就能看到那家旅馆。",
    "软件安装完成后需要重新启动计算机。",
    "古城的城墙建于明代，全长约十二公里。",
    "孩子发烧时应多喝水，体温超过三十八度五及时就医。",
    "这部电影讲述了三兄弟回乡寻找父亲的故事。",
    "光在真空中的传播速度约为每秒三十万公里。",
)


class Background:
    """How an encoder's cosines with texts at random are spread, query by query."""

    def __init__(self, embed: Embed) -> None:
        self._vectors = embed(TEXTS)

    def standardised(self, query: NDArray[np.float32], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines with a query, as standard deviations above the mean of its cosines with texts at random."""
        at_random = self._vectors @ query
        spread = float(at_random.std())
        return (cosines - at_random.mean()) / spread if spread else cosines * 0
