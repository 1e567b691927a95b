// The course of one inquiry. Every word from outside goes through textContent; entries are updated in place by id.

function fileLink(file) {
  const node = make(file.href ? "a" : "span", "file");
  node.append(icon(file.href ? "attach_file" : "block"), make("span", "name", file.name), make("span", "size", file.note));
  if (file.href) {
    node.href = file.href;
    node.target = "_blank";
    node.rel = "noopener";
  }
  return node;
}

function stateLine(entry, words, act) {
  const bar = make("div", "state state-" + entry.state.tone);
  const text = make("span", "state-text");
  text.append(icon(entry.state.icon), make("span", "state-word", entry.state.text));
  bar.append(text);
  if (entry.state.until) {
    bar.dataset.until = entry.state.until;
    bar.dataset.words = words.leaves_in;
    bar.dataset.over = words.leaves_now;
  }
  const actions = make("span", "actions");
  for (const action of entry.state.actions) {
    const node = button("action", action.label, action.icon, () => {
      node.disabled = true;
      act(action.name, entry.id);
    });
    actions.append(node);
  }
  bar.append(actions);
  return bar;
}

function fill(node, entry, words, opened, act) {
  node.className = "entry side-" + entry.side;
  const parts = [];
  const head = make("div", "head");
  head.append(icon(entry.icon), make("span", "who", entry.head));
  parts.push(head);
  const open = opened.has(entry.id);
  if (entry.to) parts.push(make("div", "to", entry.to));
  if (entry.text) parts.push(make("div", "text" + (entry.long && !open ? " clamped" : ""), entry.text));
  if (entry.quoted && open) parts.push(make("div", "quoted", entry.quoted));
  if (entry.quoted || entry.long) {
    const more = button("more", open ? words.less : words.more, open ? "expand_less" : "expand_more", () => {
      if (open) opened.delete(entry.id);
      else opened.add(entry.id);
      fill(node, entry, words, opened, act);
      node.querySelector(".more").focus();
    });
    more.setAttribute("aria-expanded", String(open));
    head.append(more);
  }
  if (entry.files.length) {
    const files = make("div", "files");
    files.append(...entry.files.map(fileLink));
    parts.push(files);
  }
  if (entry.state) parts.push(stateLine(entry, words, act));
  node.replaceChildren(...parts);
}

// `ahead`: by how many milliseconds the server's clock is ahead of this device's.
function tick(root, ahead) {
  for (const bar of root.querySelectorAll("[data-until]")) {
    const left = Math.ceil((Date.parse(bar.dataset.until) - Date.now() - ahead) / 1000);
    const word = left > 0 ? bar.dataset.words.replace("{seconds}", String(left)) : bar.dataset.over;
    const shown = bar.querySelector(".state-word");
    if (shown.textContent !== word) shown.textContent = word;
  }
}

const known = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".thread");
  const memory = known.get(root) ?? { entries: new Map(), opened: new Set(), unfolded: false, timer: 0 };
  known.set(root, memory);
  memory.send = (act) => setTriggerValue("act", act);
  const act = (name, id) => memory.send({ name, id });
  const folded = memory.unfolded ? 0 : data.folded;
  const shown = data.entries.slice(folded);
  const nodes = [];
  if (folded > 0) {
    memory.earlier ??= button("earlier", "", "history");
    memory.earlier.lastChild.textContent = (folded === 1 ? data.words.earlierOne : data.words.earlier).replace("{count}", String(folded));
    memory.earlier.setAttribute("aria-expanded", "false");
    memory.earlier.onclick = () => {
      memory.unfolded = true;
      render();
    };
    nodes.push(memory.earlier);
  }
  const render = () => {
    const list = memory.unfolded ? data.entries : shown;
    const wanted = list.map((entry) => {
      const kept = memory.entries.get(entry.id) ?? { node: make("article"), said: "" };
      memory.entries.set(entry.id, kept);
      const now = JSON.stringify(entry);
      if (kept.said !== now) fill(kept.node, entry, data.words, memory.opened, act);
      kept.said = now;
      return kept.node;
    });
    const all = memory.unfolded ? wanted : [...nodes, ...wanted];
    for (const child of [...root.children]) if (!all.includes(child)) child.remove();
    all.forEach((node, place) => {
      if (root.children[place] !== node) root.insertBefore(node, root.children[place] ?? null);
    });
  };
  for (const node of root.querySelectorAll(".action:disabled")) node.disabled = false;
  render();
  const ahead = Date.parse(data.now) - Date.now();
  tick(root, ahead);
  clearInterval(memory.timer);
  memory.timer = setInterval(() => tick(root, ahead), 500);
  return () => clearInterval(memory.timer);
}
