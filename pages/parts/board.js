// The day board. It is drawn anew when the day has changed, and keeps the focus; otherwise only the now-line moves.
const clockOf = (minute) => String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0");
const TALL = 56; // px from which a booking has room for wide lines and a margin
const STEP = 5; // minutes of one row of the grid

function place(node, day, item) {
  const row = (minute) => Math.round((Math.min(Math.max(minute, day.start), day.end) - day.start) / STEP) + 1;
  node.style.gridRow = `${row(item.from)} / ${Math.max(row(item.to), row(item.from) + 1)}`;
  node.style.gridColumn = "1";
  return node;
}

function stateLine(item) {
  const line = make("span", "state");
  if (item.alert) {
    line.classList.add("alert");
    line.append(icon("error"), make("span", "", item.alert));
  } else line.append(icon(item.icon), make("span", "", item.word));
  return line;
}

// As many lines as have room (board.css sets their height): the name, then how it stands, then what is done.
function drawBooking(item, day, send) {
  const node = button(`booking style-${item.style}` + (item.quiet ? " quiet" : ""), null, "", () => send("booking", item.id));
  const height = ((item.to - item.from) / 15) * day.quarter;
  const room = Math.max(1, Math.floor(height < TALL ? (height - 4) / 19 : (height - 13) / 20));
  const stands = item.alert || (item.word && !item.quiet);
  node.append(make("b", "", item.who));
  const lines = item.lines.slice(0, Math.max(0, room - 1 - (stands ? 1 : 0)));
  for (const line of lines) node.append(make("span", "what", line));
  if (stands && room > 1) node.append(stateLine(item));
  if (height < TALL) node.classList.add("short");
  node.setAttribute("aria-label", item.label);
  return node;
}

function drawBlock(item, _day, send) {
  const node = button("block", item.word, "block", () => send("block", item.id));
  node.setAttribute("aria-label", item.label);
  return node;
}

function drawBand(item) {
  const node = make("div", `band ${item.style}`);
  node.append(make("span", "", item.word));
  return node;
}

// The place that a tap picks is marked; the arrow keys move the mark, Enter takes it.
function drawGap(item, day, send, column, memory) {
  const node = button("gap", null, "", null);
  const hint = make("span", "hint");
  hint.append(icon("add"), make("span", "", day.words.free));
  node.append(hint);
  let at = item.starts[0];
  const mark = (minute) => {
    at = minute;
    node.getRootNode().querySelectorAll(".pick").forEach((old) => old.remove());
    const pick = make("span", "pick");
    pick.append(icon("add"), make("span", "", clockOf(minute)));
    pick.style.top = `${((minute - item.from) / 15) * day.quarter}px`;
    node.append(pick);
    node.setAttribute("aria-label", `${clockOf(minute)}. ${item.label}`);
  };
  const choose = (minute) => {
    mark(minute);
    Object.assign(memory, { column: column.id, minute, day: day.day });
    send("place", { column: column.id, minute });
  };
  node.setAttribute("aria-label", item.label);
  node.onclick = (event) => {
    if (!event.detail) return choose(at);
    const box = node.getBoundingClientRect();
    const tapped = item.from + ((event.clientY - box.top) / box.height) * (item.to - item.from);
    choose(item.starts.filter((start) => start <= tapped).pop() ?? item.starts[0]);
  };
  node.onkeydown = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    mark(item.starts[Math.min(item.starts.length - 1, Math.max(0, item.starts.indexOf(at) + by))]);
  };
  if (memory.day === day.day && memory.column === column.id && item.starts.includes(memory.minute)) {
    queueMicrotask(() => mark(memory.minute));
  }
  return node;
}

const DRAW = { booking: drawBooking, block: drawBlock, band: drawBand, gap: drawGap, pad: () => make("div", "pad") };

function drawColumn(column, number, day, send, memory) {
  const box = make("div", "col" + (column.thing ? " thing" : ""));
  box.dataset.number = number;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", column.name);
  for (const item of column.items) {
    const node = place(DRAW[item.kind](item, day, send, column, memory), day, item);
    if (item.kind === "gap" || item.id) node.dataset.focus = `${column.id}/${item.kind}/${item.id ?? item.from}`;
    box.append(node);
  }
  return box;
}

function drawAxis(day) {
  const axis = make("div", "axis");
  axis.setAttribute("aria-hidden", "true");
  for (let minute = Math.ceil(day.start / 60) * 60; minute < day.end; minute += 60) {
    const label = make("span", "", clockOf(minute));
    label.dataset.minute = minute;
    axis.append(place(label, day, { from: minute, to: minute + STEP }));
  }
  return axis;
}

function heads(day, show) {
  const row = make("div", "heads");
  row.append(make("span", "corner"));
  const tabs = make("div", "tabs");
  tabs.setAttribute("role", "group");
  tabs.setAttribute("aria-label", day.words.columns);
  day.columns.forEach((column, number) => {
    const head = make("span", "name" + (column.thing ? " thing" : ""));
    head.append(icon(column.icon), make("span", "", column.name));
    row.append(head);
    tabs.append(button("tab", column.name, "", () => show(number)));
  });
  return [row, tabs];
}

function moveNow(root, day) {
  const line = root.querySelector(".now");
  const within = day.now !== null && day.now >= day.start && day.now <= day.end;
  line.hidden = !within;
  if (within) {
    line.style.setProperty("--at", (day.now - day.start) / (day.end - day.start));
    line.firstChild.textContent = clockOf(day.now);
  }
  for (const label of root.querySelectorAll(".axis span")) {
    label.classList.toggle("covered", within && (Math.abs(label.dataset.minute - day.now) / 15) * day.quarter < 24);
  }
}

function draw(root, day, send, memory) {
  const held = root.getRootNode().activeElement?.dataset?.focus;
  const show = (number) => {
    memory.tab = number;
    root.querySelectorAll(".tab").forEach((tab, place) => tab.setAttribute("aria-pressed", place === number));
    root.querySelectorAll(".col").forEach((col) => col.classList.toggle("shown", Number(col.dataset.number) === number));
  };
  root.style.setProperty("--quarter", `${day.quarter}px`);
  root.style.setProperty("--rows", (day.end - day.start) / STEP);
  root.style.setProperty("--first-hour", `${(((60 - (day.start % 60)) % 60) / 15) * day.quarter}px`);
  const least = (column) => (column.thing ? 94 : 116);
  const widths = day.columns.map((column) => `minmax(${least(column)}px, ${column.thing ? 1 : 1.35}fr)`);
  root.style.setProperty("--columns", widths.join(" "));
  root.style.setProperty("--least", `${day.columns.reduce((sum, column) => sum + least(column), 62)}px`);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", day.words.board);
  const [row, tabs] = heads(day, show);
  const body = make("div", "body");
  body.append(drawAxis(day), ...day.columns.map((column, number) => drawColumn(column, number, day, send, memory)));
  const now = make("div", "now");
  now.append(make("span", ""));
  body.append(now);
  const sheet = make("div", "sheet");
  sheet.append(row, body);
  root.replaceChildren(tabs, sheet);
  show(Math.min(memory.tab, day.columns.length - 1));
  if (held) [...root.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === held)?.focus();
}

const known = new WeakMap();

export default function ({ data: day, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  const memory = known.get(root) ?? { tab: 0, shown: "" };
  known.set(root, memory);
  const shown = JSON.stringify({ ...day, now: null });
  if (memory.shown !== shown) {
    if (memory.shown) memory.day = ""; // what was marked has become a booking, or another day is shown
    draw(root, day, setTriggerValue, memory);
  }
  memory.shown = shown;
  moveNow(root, day);
}
