"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const { texts, sources, questions } = read("data");
  const words = read("words");
  const STEP = 40;
  const WRONG = "went-wrong";
  const form = document.getElementById("filters");
  const cards = document.getElementById("cards");
  const more = document.getElementById("more");

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const word = (group, name) => words[group][name] ?? (name || "—");

  // A text in pieces: each is a mark, empty for none, and the characters that have it.
  const marked = (pieces) =>
    element("p", "quote", ...pieces.map(([mark, text]) => (mark ? element("mark", mark, text) : text)));
  const plain = (pieces) => pieces.map(([, text]) => text).join("");
  const items = (list) => element("ul", "", ...list.map(([mark, text]) => element("li", mark, text)));
  const cited = ({ source, start, end, score, text }, place) => {
    const [path, title] = sources[source];
    const about = [place, title && `《${title}》`, path, `${start}–${end}`, score && score.toFixed(3)];
    return element("div", "", element("cite", "", about.filter(Boolean).join("　")), marked(texts[text]));
  };
  const folded = (heading, parts) => element("details", "", element("summary", "", heading), ...parts);

  const goldSide = (one) => {
    const side = element("div", "", element("h4", "", one.answerable ? "应有的依据" : "文库里没有答案，该拒答"));
    for (const gold of one.gold) {
      const state = !gold.held ? "文库里没有这句" : gold.cited ? "引到了" : gold.found ? "检索到了，没有引" : "没有找到";
      side.append(element("cite", "", `${gold.source}　${state}`), marked(gold.text));
    }
    if (one.wanted.length) side.append(element("h4", "", "应列的条目"), items(one.wanted));
    return side;
  };
  const answerSide = (one) => {
    const side = element("div", "", element("h4", "", `回答（${word("kinds", one.kind)}）`));
    if (one.kind === "refusal" || !one.citations.length) side.append(marked(one.answer));
    if (one.items.length) side.append(items(one.items));
    side.append(...one.citations.map((citation, i) => cited(citation, `[${i + 1}]`)));
    if (one.kind !== "refusal" && one.citations.length) side.append(folded("答案全文", [marked(one.answer)]));
    return side;
  };
  const card = (one) => {
    const recall = one.recall && `recall@1/5/10 ${one.recall.map((share) => share.toFixed(2)).join(" / ")}`;
    const link = element("a", "", one.id);
    link.href = `#id=${encodeURIComponent(one.id)}`;
    const facts = [
      word("types", one.type),
      word("languages", one.lang),
      one.document_kind,
      `置信度 ${one.confidence.toFixed(2)}`,
      recall,
      one.milliseconds !== null && `${one.milliseconds} ms`,
    ].filter(Boolean);
    const badge = element("span", `badge ${one.verdict.replace(" ", "-")}`, word("verdicts", one.verdict));
    const head = element("div", "facts", badge, link, ...facts.map((fact) => element("span", "", fact)));
    const made = element("article", "", head, element("h3", "", one.question));
    made.append(element("div", "sides", goldSide(one), answerSide(one)));
    if (one.hits.length) {
      made.append(folded(`检索到的前 ${one.hits.length} 段`, one.hits.map((hit, i) => cited(hit, `${i + 1}.`))));
    }
    return made;
  };

  const searched = (one) =>
    [one.id, one.question, plain(one.answer), ...one.gold.map((gold) => plain(gold.text)),
      ...one.citations.map((citation) => plain(texts[citation.text]))].join("\n").toLowerCase();

  const fill = (name, group, first) => {
    const counts = new Map();
    for (const one of questions) counts.set(one[name], (counts.get(one[name]) ?? 0) + 1);
    const known = group === "verdicts" ? Object.keys(words.verdicts).filter((key) => counts.has(key)) : [...counts.keys()].sort();
    const options = known.map((value) => [`=${value}`, `${group ? word(group, value) : value || "—"} ${counts.get(value)}`]);
    for (const [value, text] of [...first, ["", `全部 ${questions.length}`], ...options]) {
      form[name].append(new Option(text, value));
    }
  };
  const wrong = questions.filter((one) => words.wrong.includes(one.verdict)).length;
  fill("verdict", "verdicts", wrong ? [[WRONG, `出错的 ${wrong}`]] : []);
  for (const [name, group] of [["type", "types"], ["lang", "languages"], ["document_kind", ""], ["kind", "kinds"]]) {
    fill(name, group, []);
  }
  const FIRST = form.verdict.options[0].value;

  const FILTERED = ["verdict", "type", "lang", "document_kind", "kind"];
  let only = null;
  let shown = [];
  const admits = (one) => {
    if (only !== null) return one.id === only;
    const text = form.text.value.trim().toLowerCase();
    return (
      FILTERED.every((name) => {
        const value = form[name].value;
        return value === WRONG ? words.wrong.includes(one.verdict) : !value || value === `=${one[name]}`;
      }) && (!text || searched(one).includes(text))
    );
  };
  const ORDERS = {
    sure: (one, other) => other.confidence - one.confidence,
    slow: (one, other) => (other.milliseconds ?? 0) - (one.milliseconds ?? 0),
  };
  const showMore = () => {
    const from = cards.childElementCount;
    cards.append(...shown.slice(from, from + STEP).map(card));
    const left = shown.length - cards.childElementCount;
    more.hidden = left <= 0;
    more.textContent = `再看 ${Math.min(STEP, left)} 题，还有 ${left} 题`;
  };
  const show = () => {
    shown = questions.filter(admits);
    if (ORDERS[form.order.value]) shown = [...shown].sort(ORDERS[form.order.value]);
    cards.replaceChildren();
    document.getElementById("count").textContent = `${shown.length} 题`;
    showMore();
  };

  // What is filtered stands in the address, so that a link leads to the same questions.
  const toAddress = () => {
    const state = new URLSearchParams();
    for (const name of [...FILTERED, "order", "text"]) {
      const value = form[name].value;
      if (value !== (name === "verdict" ? FIRST : "")) state.set(name, value.replace(/^=/, ""));
    }
    history.replaceState(null, "", `#${state}`);
  };
  const fromAddress = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    only = state.get("id");
    for (const name of FILTERED) {
      const value = state.get(name);
      form[name].value = value === null ? (name === "verdict" ? FIRST : "") : value && `=${value}`;
      if (form[name].selectedIndex < 0) form[name].selectedIndex = 0;
    }
    form.order.value = state.get("order") ?? "";
    form.text.value = state.get("text") ?? "";
    show();
    if (location.hash) document.getElementById("questions").scrollIntoView();
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    only = null;
    toAddress();
    show();
  });
  more.addEventListener("click", showMore);
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
})();
