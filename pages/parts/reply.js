// The reply box: the field with what stands around it. Its topics lie beside it: reply_draft.js (nothing typed is lost),
// reply_subject.js, reply_templates.js, reply_holes.js, reply_own_line.js, reply_questions.js, reply_files.js; Python
// joins them.
const boxes = new WeakMap();

function build(root) {
  const box = { root, data: null, revision: null, dirty: false, timer: 0, saving: null, files: [], more: false };
  box.write = button("plain write", "", "edit", () => unfold(box));
  box.chips = make("div", "chips");
  box.ask = make("div", "ask");
  box.subject = make("input", "field");
  box.cc = make("input", "field");
  Object.assign(box.cc, { type: "email", multiple: true });
  box.extra = make("div", "extra");
  box.extra.append(line(box.subject), line(box.cc));
  box.text = make("textarea", "field");
  box.text.dir = "auto";
  box.count = button("count", "", "help", () => {
    box.listing = !box.listing;
    showQuestions(box);
  });
  box.own = button("own", "", "add", () => turnOwnLine(box));
  box.own.onmousedown = (event) => event.preventDefault(); // the field keeps the cursor, a tablet its keyboard
  box.status = make("span", "status");
  box.status.setAttribute("role", "status");
  box.questions = make("div", "questions");
  box.questions.setAttribute("role", "group");
  box.holes = make("div", "holes");
  box.holes.onmousedown = (event) => event.preventDefault(); // the field keeps the cursor, a tablet its keyboard
  box.files_row = make("div", "files");
  box.picker = make("input", "picker");
  Object.assign(box.picker, { type: "file", multiple: true, tabIndex: -1 });
  box.matter = button("matter", "", "edit", () => {
    showExtra(box, true);
    box.subject.focus();
  });
  box.trouble = make("div", "trouble");
  box.trouble.setAttribute("role", "alert");
  const { write, chips, ask, matter, extra, text, questions, holes, files_row, trouble, picker } = box;
  const below = [under(box), questions, holes, files_row, trouble, bottom(box), picker];
  root.replaceChildren(write, chips, ask, matter, extra, text, ...below);
  return box;
}

function line(field) {
  const node = make("label", "line");
  node.append(make("span", "name"), field);
  return node;
}

function under(box) {
  const node = make("div", "under");
  node.append(box.own, box.count, box.status);
  return node;
}

function bottom(box) {
  box.preview = button("quiet keep", "", "visibility");
  box.attach = button("quiet", "", "attach_file");
  box.fold = button("quiet", "", "tune");
  box.later = button("plain", "", "schedule");
  box.send = button("primary", "", "send");
  const [tools, go, node] = [make("div", "tools"), make("div", "go"), make("div", "bottom")];
  tools.append(box.preview, box.attach, box.fold);
  go.append(box.later, sends(box));
  node.append(tools, go);
  return node;
}

// The send, and behind an arrow the other way to send.
function sends(box) {
  const node = make("div", "sends");
  box.arrow = button("primary arrow", null, "expand_less", () => showWays(box, box.ways.hidden));
  box.arrow.setAttribute("aria-haspopup", "menu");
  box.closing = button("way", "", "check_circle");
  box.closing.setAttribute("role", "menuitem");
  box.ways = make("div", "ways");
  box.ways.setAttribute("role", "menu");
  box.ways.append(box.closing);
  node.append(box.ways, box.send, box.arrow);
  node.onmousedown = (event) => event.preventDefault(); // the focus stays, also where buttons take none
  node.onkeydown = (event) => {
    if (event.key !== "Escape" || box.ways.hidden) return;
    showWays(box, false);
    box.arrow.focus();
  };
  node.addEventListener("focusout", (event) => !node.contains(event.relatedTarget) && showWays(box, false));
  return node;
}

function showWays(box, shown) {
  box.ways.hidden = !shown;
  box.arrow.setAttribute("aria-expanded", String(shown));
  if (shown) box.closing.focus();
}

// Why the last tap did not work stands at the send until the text changes.
function showTrouble(box) {
  const { trouble } = box.data;
  if (!trouble || trouble.id === box.told_trouble) return;
  box.told_trouble = trouble.id;
  box.trouble.replaceChildren(icon("error"), make("span", "", trouble.text));
  box.trouble.hidden = false;
  requestAnimationFrame(() => box.root.querySelector(".bottom").scrollIntoView({ block: "nearest" }));
}

function unfold(box) {
  box.opened = true;
  box.root.classList.remove("folded");
  grow(box);
  box.text.focus();
}

function grow(box) {
  box.text.style.height = "auto";
  box.text.style.height = Math.max(box.data.questions.length ? 106 : 150, box.text.scrollHeight + 2) + "px";
}

function showExtra(box, shown) {
  box.extra.hidden = !shown;
  box.matter.hidden = shown;
  box.fold.setAttribute("aria-expanded", String(shown));
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
  box.later.style.display = box.data.can_wait ? "" : "none";
  put(box.own, say.own_line);
  put(box.send, say.send);
  put(box.closing, say.send_close);
  box.arrow.setAttribute("aria-label", say.send_more);
  box.arrow.title = say.send_more;
  box.arrow.hidden = !box.data.closes;
  const [subject, cc] = box.extra.querySelectorAll(".name");
  subject.textContent = say.subject;
  cc.textContent = say.cc;
  box.text.placeholder = say.placeholder;
  box.text.setAttribute("aria-label", say.label);
}

// The screen's own line may come back later than the server: a tap before that would be lost without a word.
async function connected(seconds) {
  const isUp = () => {
    const app = document.querySelector(".stApp")?.dataset ?? {};
    return app.testConnectionState === "CONNECTED" && app.testScriptState === "notRunning";
  };
  for (let left = seconds * 4; left > 0 && !isUp(); left--) await new Promise((done) => setTimeout(done, 250));
  return isUp();
}

function wire(box, trigger) {
  box.trigger = trigger; // a new session has a new one, and its page may come while a tap waits
  const go = (name, close) => async () => {
    if (box.busy) return;
    showWays(box, false);
    box.trouble.hidden = true;
    box.busy = true;
    setTimeout(() => (box.busy = false), 1500);
    await Promise.race([save(box), new Promise((done) => setTimeout(done, 3000))]);
    if (!(await connected(box.failed ? 0 : 10))) return;
    if (name === "send") box.sent = { body: box.text.value, form: box.data.form_key };
    box.trigger(name, { ...content(box), close: Boolean(close), seen_version: box.data.seen_version, form_key: box.data.form_key });
  };
  box.send.onclick = go("send");
  box.closing.onclick = go("send", true);
  box.preview.onclick = go("preview");
  box.later.onclick = go("later");
  box.attach.onclick = () => box.picker.click();
  box.picker.onchange = () => {
    for (const chosen of box.picker.files) upload(box, chosen);
    box.picker.value = "";
  };
  box.fold.onclick = () => showExtra(box, box.extra.hidden);
}

// What is heard as long as the box stands on the page.
function listen(box) {
  box.text.oninput = box.subject.oninput = box.cc.oninput = () => changed(box);
  box.text.onclick = () => onTap(box);
  box.text.addEventListener("keydown", (event) => (box.shift = event.shiftKey)); // an on… handler that gives false stops the key
  box.text.addEventListener("beforeinput", (event) => onLineBreak(box, event));
  box.hide = () => document.visibilityState === "hidden" && save(box, true);
  box.leave = () => save(box, true);
  box.stay = (event) => box.failed && event.preventDefault(); // the browser asks whether to leave what is not saved
  document.addEventListener("visibilitychange", box.hide);
  window.addEventListener("pagehide", box.leave);
  window.addEventListener("beforeunload", box.stay);
}

function openBox(root) {
  const box = build(root);
  boxes.set(root, box);
  showExtra(box, false);
  showWays(box, false);
  box.trouble.hidden = true;
  listen(box);
  return box;
}

function closeBox(box) {
  save(box, true);
  document.removeEventListener("visibilitychange", box.hide);
  window.removeEventListener("pagehide", box.leave);
  window.removeEventListener("beforeunload", box.stay);
  boxes.delete(box.root);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".reply");
  const box = boxes.get(root) ?? openBox(root);
  const other = box.data && box.data.inquiry !== data.inquiry;
  if (other) save(box, true);
  box.data = data;
  box.busy = false;
  const fresh = box.revision !== data.revision || other;
  const byTemplate = fresh && renew(box, data);
  root.classList.toggle("folded", data.folded && !box.text.value && !box.opened);
  words(box);
  wire(box, setTriggerValue);
  showChips(box, setTriggerValue);
  showHoles(box);
  showOwnLine(box);
  showQuestions(box);
  showFiles(box);
  showSubject(box);
  grow(box);
  if (byTemplate) leadOn(box, 0);
  else if (fresh) fillOn(box, false);
  showTrouble(box);
  requestAnimationFrame(() => grow(box));
  return () => closeBox(box);
}
