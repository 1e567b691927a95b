// A list whose rows are updated in place: a row keeps its node (and the focus on it) as long as its id stays.
const status = (badge, cls) => {
  const node = make("span", "status " + cls);
  node.append(icon(badge.icon), make("span", "", badge.word));
  return node;
};

function lead(item) {
  const box = make("span", "lead");
  const figure = make("span", "figure");
  figure.append(make("b", "", item.lead));
  if (item.unit) figure.append(make("span", "unit", item.unit));
  box.append(figure);
  if (item.rest) (item.unit ? figure : box).append(make("span", "rest", item.rest));
  if (item.badge && item.unit) box.append(status(item.badge, ""));
  return box;
}

function main(item) {
  const box = make("span", "main");
  const head = make("span", "head");
  head.append(make("span", "title", item.title));
  if (item.flag) {
    const flag = make("span", "flag");
    flag.append(icon("replay"), make("span", "", item.flag));
    head.append(flag);
  }
  if (item.badge && !item.unit) head.append(status(item.badge, "side"));
  box.append(head);
  if (item.text) box.append(make("span", "text", item.text));
  if (item.alert) box.append(status({ icon: "error", word: item.alert }, "alert"));
  if (item.meta && item.meta.length) {
    const facts = make("span", "meta");
    for (const fact of item.meta) {
      const node = make("span", "fact");
      if (fact.icon) node.append(icon(fact.icon));
      node.append(make("span", "", fact.text));
      facts.append(node);
    }
    box.append(facts);
  }
  return box;
}

const attach = (box, node, word, item) => {
  node.setAttribute("aria-label", word + ", " + item.title);
  box.append(node);
};

// Beside the row's own button, for a button holds no other: the number to dial, then what came of it.
function acts(item, row) {
  const box = make("div", "acts");
  if (item.call) {
    const call = make("a", "act call");
    call.href = "tel:" + item.call.number;
    call.append(icon("call"), make("span", "", item.call.word));
    attach(box, call, item.call.word, item);
  }
  for (const act of item.acts ?? []) {
    attach(box, button("act", act.word, act.icon, () => row.act(act.name)), act.word, item);
  }
  if (item.more) more(item, row, box);
  return box;
}

// What is wanted seldom stands in a line of its own, which a button in the row's corner opens and any tap in it closes.
function more(item, row, box) {
  const line = make("div", "line");
  const opener = button("act opener", null, "more_horiz", () => show(!row.open));
  const show = (open) => {
    row.open = open;
    line.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  };
  for (const act of item.more.acts) {
    const tap = () => {
      show(false);
      opener.focus();
      row.act(act.name);
    };
    attach(line, button("act", act.word, act.icon, tap), act.word, item);
  }
  attach(box, opener, item.more.word, item);
  box.append(line);
  show(row.open);
}

function fillActs(row, item) {
  const taps = () => [...(row.acts?.querySelectorAll(".act") ?? [])];
  const held = taps().indexOf(row.node.getRootNode().activeElement);
  row.acts?.remove();
  row.acts = item.call || item.acts?.length || item.more ? acts(item, row) : null;
  if (row.acts) row.node.append(row.acts);
  if (held >= 0) (taps()[held] ?? row.button).focus();
}

function fill(button, item, kind) {
  const how = (item.gone ? " gone" : "") + (item.over ? " over" : "") + (item.lead ? "" : " leadless");
  button.className = "row tone-" + item.tone + how + (item.still ? " still" : "") + (item.chosen ? " chosen" : "");
  if (item.chosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  const parts = item.lead ? [lead(item), main(item)] : [main(item)];
  if (item.owner || (kind === "inquiry" && item.owner !== null)) {
    const owner = make("span", item.unowned ? "owner nobody" : "owner");
    owner.append(make("span", "name", item.owner || ""));
    if (kind === "inquiry") {
      const go = icon("chevron_right");
      go.classList.add("go");
      owner.append(go);
    }
    parts.push(owner);
  }
  button.replaceChildren(...parts);
}

const known = new WeakMap();
const DOUBLE_TAP = 1500; // ms in which a second tap is the first one's

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".rows");
  root.className = "rows kind-" + data.kind;
  root.setAttribute("role", "list");
  if (data.label) root.setAttribute("aria-label", data.label);
  const rows = known.get(root) ?? new Map();
  known.set(root, rows);
  const wanted = new Set(data.items.map((item) => String(item.id)));
  for (const [id, row] of rows) {
    if (!wanted.has(id)) {
      row.node.remove();
      rows.delete(id);
    }
  }
  data.items.forEach((item, place) => {
    const id = String(item.id);
    let row = rows.get(id);
    if (!row) {
      const node = make("div");
      node.setAttribute("role", "listitem");
      const button = make(item.still ? "div" : "button", "row");
      if (!item.still) button.type = "button";
      node.append(button);
      row = { node, button, shown: "", tappedAt: 0, tapped: "", open: false };
      rows.set(id, row);
    }
    if (!item.still) row.button.onclick = () => setTriggerValue("tap", item.target ?? item.id);
    row.act = (name) => {
      if (Date.now() - row.tappedAt < DOUBLE_TAP && row.tapped === name) return;
      row.tappedAt = Date.now();
      row.tapped = name; // another button is another tap
      setTriggerValue("act", { name, id: item.id });
    };
    const now = JSON.stringify([item, data.kind]);
    if (row.shown !== now) {
      fill(row.button, item, data.kind);
      fillActs(row, item);
    }
    row.shown = now;
    if (root.children[place] !== row.node) root.insertBefore(row.node, root.children[place] ?? null);
  });
}
