import pytest

from index import Searcher, update_index
from index.encoder import Encoder
from index.encoders import load_encoder
from tests.fakes import FakeEncoder

SPEECH = """在机关作风建设会议上的讲话
同志们：
昨天，市委书记提出了“五个更”的明确要求，也就是政治站位更高、使命担当更强、为民情怀更浓、创新步伐更快、能力作风更优，为我们指明了方向。
调研要充分体现“四不两直”的要求，多到一线去。
今年机关主要是干好五件事。
第一件事，就是要胸怀全局。要围绕中心，服务大局，把工作放到全市发展中去谋划。
第二件事，就是要勇于担当。要敢于碰硬，敢啃骨头，遇到矛盾不绕道。
第三件事，就是要协作成事。要上下联动，左右协同，握指成拳。
第四件事，就是要做好小事。要过细再过细，认真再认真。
第五件事，就是要严守纪律。要知敬畏，存戒惧，守底线。
同志们，让我们一起努力！
"""
OLD_RULE = """市级机关公务用车管理办法
（2017年8月10日市政府印发）
第一章 总则
第一条 为了规范公务用车管理，制定本办法。
第二条 公务用车使用满六年可以更新。
"""
NEW_RULE = """市级机关公务用车管理办法
（2024年4月20日市政府印发）
第一章 总则
第一条 为了规范公务用车管理，降低行政成本，制定本办法。
第二条 公务用车使用满八年可以更新。
因安全原因需要提前更新的，应当经市机关事务管理部门批准。
第三条 本办法所称应急保障用车，是指用于处理突发事件、抢险救灾的机动车辆。
第四条 有下列情形之一的，可以派用公务车：
（一）抢险救灾；
（二）机要通信；
（三）集体公务活动。
"""
DOCUMENTS = {
    "讲话/作风.txt": SPEECH,
    "制度/公务用车管理办法(2017-08-10).txt": OLD_RULE,
    "制度/公务用车管理办法(2024-04-20).txt": NEW_RULE,
}


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """An open index of a speech and two versions of a rule, with a stand-in for the encoder."""
    return searcher_with(FakeEncoder(), tmp_path_factory)


@pytest.fixture(scope="session")
def bundled_searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The same with the bundled encoder, where meaning across languages matters."""
    return searcher_with(load_encoder(), tmp_path_factory)


def searcher_with(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("文库")
    for source, text in DOCUMENTS.items():
        (folder / source).parent.mkdir(exist_ok=True)
        (folder / source).write_text(text, encoding="utf-8")
    directory = tmp_path_factory.mktemp("索引")
    assert update_index([folder], directory, encoder=encoder).failed == ()
    return Searcher.open(directory, encoder=encoder)
