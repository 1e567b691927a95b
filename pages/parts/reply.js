// The reply box. What is typed belongs to the person: it is replaced only when the server changed the draft
// (data.revision), and then joined with it; it is saved one second after typing and when the page hides. Until a save
// was answered it stands in `typed`, also over a remount.
const typed = (globalThis.thekeTyped ??= new Map());
const boxes = new WeakMap();
const HOLE = /\{[^{}\n]{1,60}\}|\bXXX+\b|\bTODO\b/g;

function build(root) {
  const box = { root, data: null, revision: null, dirty: false, timer: 0, saving: null, files: [], more: false };
  box.chips = make("div", "chips");
  box.ask = make("div", "ask");
  box.count = button("count", "", "help");
  box.questions = make("div", "questions");
  box.questions.setAttribute("role", "group");
  box.count.onclick = () => {
    box.listing = !box.listing;
    showQuestions(box);
  };
  box.extra = make("div", "extra");
  box.subject = make("input", "field");
  box.cc = make("input", "field");
  box.cc.type = "email";
  box.cc.multiple = true;
  box.text = make("textarea", "field");
  box.holes = make("div", "holes");
  box.files_row = make("div", "files");
  box.picker = make("input", "picker");
  box.picker.type = "file";
  box.picker.multiple = true;
  box.picker.tabIndex = -1;
  box.preview = button("quiet keep", "", "visibility");
  box.attach = button("quiet", "", "attach_file");
  box.fold = button("quiet", "", "tune");
  box.status = make("span", "status");
  box.status.setAttribute("role", "status");
  box.later = button("plain", "", "schedule");
  box.send = button("primary", "", "send");
  const subject = make("label", "line");
  subject.append(make("span", "name"), box.subject);
  const cc = make("label", "line");
  cc.append(make("span", "name"), box.cc);
  box.extra.append(subject, cc);
  box.write = button("plain write", "", "edit");
  box.write.onclick = () => {
    box.opened = true;
    root.classList.remove("folded");
    grow(box);
    box.text.focus();
  };
  const under = make("div", "under");
  under.append(box.count, box.status);
  const tools = make("div", "tools");
  tools.append(box.preview, box.attach, box.fold);
  const go = make("div", "go");
  go.append(box.later, box.send);
  const bottom = make("div", "bottom");
  bottom.append(tools, go);
  root.replaceChildren(box.write, box.chips, box.ask, box.extra, box.text, under, box.questions, box.holes, box.files_row, bottom, box.picker);
  return box;
}

const content = (box) => ({ body: box.text.value, subject: box.subject.value, cc: box.cc.value });

function grow(box) {
  box.text.style.height = "auto";
  box.text.style.height = Math.max(box.data.questions.length ? 106 : 150, box.text.scrollHeight + 2) + "px";
}

function showHoles(box) {
  const found = [...new Set(box.text.value.match(HOLE) ?? [])];
  box.holes.replaceChildren();
  box.holes.hidden = !found.length;
  if (!found.length) return;
  box.holes.append(make("span", "", box.data.words.missing));
  for (const hole of found) {
    const jump = button("hole", hole, "");
    jump.onclick = () => selectHole(box, box.text.value.indexOf(hole));
    box.holes.append(jump);
  }
}

// The first hole at or after `from`, else the first of all; whether there is one.
function selectHole(box, from) {
  const holes = [...box.text.value.matchAll(HOLE)];
  const hole = holes.find((found) => found.index >= from) ?? holes[0];
  box.text.focus();
  if (hole) box.text.setSelectionRange(hole.index, hole.index + hole[0].length);
  return Boolean(hole);
}

// Enter leads from hole to hole while a template is being filled in, and is a new line again when none is left.
function onEnter(box, event) {
  if (event.key !== "Enter" || event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  if (box.filling && box.text.value.match(HOLE)) {
    event.preventDefault();
    selectHole(box, box.text.selectionEnd);
  } else {
    box.filling = false;
  }
}

// Ticks are a person's own and only a hint: they stay in this tab, by the number of the message, never its words.
const TICKS = "theke/ticks";
const ticked = () => new Set(JSON.parse(sessionStorage.getItem(TICKS) ?? "[]"));

function tick(id) {
  const ticks = ticked();
  if (!ticks.delete(id)) ticks.add(id);
  sessionStorage.setItem(TICKS, JSON.stringify([...ticks].slice(-200)));
}

function showQuestions(box) {
  const { questions, words: say } = box.data;
  const ticks = ticked();
  const done = questions.filter((question) => ticks.has(question.id)).length;
  const all = done === questions.length;
  const told = say.questions.replace("{done}", String(done)).replace("{count}", String(questions.length));
  box.root.classList.toggle("asked", questions.length > 0);
  box.count.hidden = !questions.length;
  box.count.className = "count" + (all ? " all" : "");
  box.count.replaceChildren(icon(all ? "check_circle" : "help"), make("span", "", told), icon(box.listing ? "expand_less" : "expand_more"));
  box.count.setAttribute("aria-expanded", String(Boolean(box.listing)));
  box.questions.setAttribute("aria-label", told);
  box.questions.hidden = !box.listing || !questions.length;
  box.questions.replaceChildren(...questions.map((question) => questionBox(box, question, ticks.has(question.id))));
}

function questionBox(box, question, on) {
  const node = button("question" + (on ? " on" : ""), question.text, on ? "check_box" : "check_box_outline_blank");
  node.setAttribute("role", "checkbox");
  node.setAttribute("aria-checked", String(on));
  node.dataset.id = question.id;
  node.onclick = () => {
    tick(question.id);
    showQuestions(box);
    [...box.questions.children].find((other) => other.dataset.id === question.id)?.focus();
  };
  return node;
}

const SAVE_MS = 20000;
const KEEPALIVE_BYTES = 60000; // browsers refuse to carry more than 64 KiB beyond the page

function post(data, sent) {
  const body = JSON.stringify({ inquiry: data.inquiry, seen_version: data.seen_version, ...sent });
  return fetch(data.draft_url, {
    method: "POST",
    keepalive: new TextEncoder().encode(body).length < KEEPALIVE_BYTES,
    headers: { "Content-Type": "application/json", [data.token_header]: data.token },
    body,
    signal: AbortSignal.timeout(SAVE_MS),
  }).catch(() => null);
}

// One save after the other, so that an older text never lands on a newer one; a page that leaves cannot wait.
async function save(box, leaving) {
  clearTimeout(box.timer);
  while (box.saving && !leaving) await box.saving;
  if (!box.dirty || !box.data) return;
  const data = box.data;
  const sent = content(box);
  box.dirty = false;
  const work = post(data, sent);
  box.saving = work;
  const answer = await work;
  if (box.saving === work) box.saving = null;
  told(box, data, sent, answer);
}

function told(box, data, sent, answer) {
  const kept = typed.get(data.inquiry);
  const ok = Boolean(answer && answer.ok);
  if (ok && kept && kept.body === sent.body && kept.subject === sent.subject && kept.cc === sent.cc) typed.delete(data.inquiry);
  if (box.data.inquiry !== data.inquiry || box.revision !== data.revision) return;
  if (ok) {
    const now = new Date().toLocaleTimeString("de", { hour: "2-digit", minute: "2-digit", timeZone: data.zone });
    box.base = sent.body;
    box.status.textContent = data.words.saved.replace("{time}", now);
  } else {
    const out = answer && answer.status === 401;
    box.dirty = true;
    box.status.textContent = out ? data.words.signed_out : data.words.not_saved;
    if (!out) box.timer = setTimeout(() => save(box), 5000);
  }
  box.status.classList.toggle("bad", !ok);
}

function changed(box) {
  box.dirty = true;
  box.sent = null;
  typed.set(box.data.inquiry, { revision: box.data.revision, base: box.base, ...content(box) });
  grow(box);
  showHoles(box);
  clearTimeout(box.timer);
  box.timer = setTimeout(() => save(box), 1000);
}

function take(box, from) {
  box.text.value = from.body;
  box.subject.value = from.subject;
  box.cc.value = from.cc;
  if (from.cc) showExtra(box, true);
}

function showExtra(box, shown) {
  box.extra.hidden = !shown;
  box.fold.setAttribute("aria-expanded", String(shown));
}

// What is not saved yet below what the server gave; `kept.base` is what the server had when it was typed.
function joined(kept, given) {
  const { body, base } = kept;
  if (!given || given === base || body.startsWith(given)) return body;
  if (!body.trim() || given.endsWith("\n\n" + body)) return given;
  if (base && given.endsWith("\n\n" + base)) return given.slice(0, -base.length) + body;
  return given + "\n\n" + body;
}

function renew(box, data) {
  const kept = typed.get(data.inquiry);
  const sent = kept && kept.body === box.sent;
  const own = kept && !sent;
  if (sent) typed.delete(data.inquiry);
  const body = own && kept.revision !== data.revision ? joined(kept, data.body) : own ? kept.body : data.body;
  take(box, { body, subject: (own && kept.subject) || data.subject, cc: (own && kept.cc) || data.cc });
  box.base = data.body;
  box.revision = data.revision;
  box.opened = false;
  box.files = data.files.map((file) => ({ ...file }));
  box.status.textContent = data.saved;
  box.status.classList.remove("bad");
  box.ask.hidden = true;
  box.sent = null;
  box.dirty = false;
  clearTimeout(box.timer);
  if (own) changed(box);
  const byTemplate = Boolean(box.wanted) && box.wanted === data.chosen;
  box.wanted = null;
  box.filled = byTemplate ? data.body : null;
  box.filling = byTemplate;
}

function showFiles(box) {
  const data = box.data;
  box.files_row.hidden = !box.files.length;
  box.files_row.replaceChildren(
    ...box.files.map((file) => {
      const node = make("span", "file" + (file.problem ? " bad" : ""));
      node.append(icon(file.problem ? "error" : "attach_file"), make("span", "name", file.name));
      node.append(make("span", "note", file.problem || file.note || ""));
      const remove = button("remove", null, "close");
      remove.setAttribute("aria-label", data.words.remove + " " + file.name);
      remove.onclick = async () => {
        box.files = box.files.filter((other) => other !== file);
        showFiles(box);
        if (!file.id) return;
        const url = data.file_url + "?inquiry=" + data.inquiry + "&id=" + file.id;
        await fetch(url, { method: "DELETE", headers: { [data.token_header]: data.token } }).catch(() => null);
      };
      node.append(remove);
      return node;
    }),
  );
}

async function upload(box, chosen) {
  const data = box.data;
  const file = { name: chosen.name, note: data.words.uploading };
  box.files.push(file);
  showFiles(box);
  const url = data.file_url + "?inquiry=" + data.inquiry + "&name=" + encodeURIComponent(chosen.name);
  const headers = { [data.token_header]: data.token, "Content-Type": "application/octet-stream" };
  const answer = await fetch(url, { method: "POST", headers, body: chosen }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : {};
  if (answer && answer.ok) {
    file.id = said.id;
    file.note = data.words.size.replace("{kb}", String(Math.max(1, Math.round(chosen.size / 1024))));
  } else {
    file.problem = said.error || said.problem || data.words.not_uploaded;
  }
  showFiles(box);
}

function showChips(box, trigger) {
  const data = box.data;
  const choose = async (template, sure) => {
    const own = box.text.value.trim() && box.text.value !== box.filled;
    if (own && !sure) return ask(box, template, choose);
    box.ask.hidden = true;
    clearTimeout(box.timer);
    await box.saving;
    box.dirty = false;
    typed.delete(data.inquiry);
    box.wanted = template.id;
    trigger("template", template.id);
  };
  const visible = box.more ? data.templates : data.templates.slice(0, 3);
  const chips = visible.map((template) => {
    const chosen = template.id === data.chosen;
    const chip = button("chip" + (chosen ? " chosen" : ""), template.name, chosen ? "check" : "");
    chip.onclick = () => choose(template);
    return chip;
  });
  if (data.templates.length > 3) {
    const more = button("chip fold", box.more ? data.words.fewer : data.words.more, box.more ? "expand_less" : "expand_more");
    more.onclick = () => {
      box.more = !box.more;
      showChips(box, trigger);
    };
    chips.push(more);
  }
  box.chips.hidden = !chips.length;
  box.chips.replaceChildren(...chips);
}

function ask(box, template, choose) {
  const yes = button("plain", box.data.words.replace, "");
  const no = button("quiet", box.data.words.keep, "");
  yes.onclick = () => {
    choose(template, true);
  };
  no.onclick = () => (box.ask.hidden = true);
  box.ask.hidden = false;
  box.ask.replaceChildren(make("span", "", box.data.words.replaces), yes, no);
}

function words(box) {
  const { words: say } = box.data;
  const put = (node, text) => {
    node.querySelector("span:last-child").textContent = text;
    node.setAttribute("aria-label", text);
    node.title = text;
  };
  put(box.write, say.write);
  put(box.preview, say.preview);
  put(box.attach, say.attach);
  put(box.fold, say.extra);
  put(box.later, say.later);
  put(box.send, say.send);
  const [subject, cc] = box.extra.querySelectorAll(".name");
  subject.textContent = say.subject;
  cc.textContent = say.cc;
  box.text.placeholder = say.placeholder;
  box.text.setAttribute("aria-label", say.label);
}

function wire(box, trigger) {
  const go = (name) => async () => {
    if (box.busy) return;
    box.busy = true;
    setTimeout(() => (box.busy = false), 1500);
    await Promise.race([save(box), new Promise((done) => setTimeout(done, 3000))]);
    if (name === "send") box.sent = box.text.value;
    trigger(name, { ...content(box), seen_version: box.data.seen_version, form_key: box.data.form_key });
  };
  box.send.onclick = go("send");
  box.preview.onclick = go("preview");
  box.later.onclick = go("later");
  box.attach.onclick = () => box.picker.click();
  box.picker.onchange = () => {
    for (const chosen of box.picker.files) upload(box, chosen);
    box.picker.value = "";
  };
  box.fold.onclick = () => showExtra(box, box.extra.hidden);
  box.text.onkeydown = (event) => onEnter(box, event);
  box.text.oninput = box.subject.oninput = box.cc.oninput = () => changed(box);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".reply");
  let box = boxes.get(root);
  if (!box) {
    box = build(root);
    boxes.set(root, box);
    showExtra(box, false);
    box.hide = () => document.visibilityState === "hidden" && save(box, true);
    box.leave = () => save(box, true);
    document.addEventListener("visibilitychange", box.hide);
    window.addEventListener("pagehide", box.leave);
  }
  const other = box.data && box.data.inquiry !== data.inquiry;
  if (other) save(box, true);
  box.data = data;
  box.busy = false;
  const fresh = box.revision !== data.revision || other;
  if (fresh) renew(box, data);
  root.classList.toggle("folded", data.folded && !box.text.value && !box.opened);
  words(box);
  wire(box, setTriggerValue);
  showChips(box, setTriggerValue);
  showHoles(box);
  showQuestions(box);
  showFiles(box);
  if (fresh && box.filling) box.filling = selectHole(box, 0);
  requestAnimationFrame(() => grow(box));
  return () => {
    save(box, true);
    document.removeEventListener("visibilitychange", box.hide);
    window.removeEventListener("pagehide", box.leave);
    boxes.delete(root);
  };
}
