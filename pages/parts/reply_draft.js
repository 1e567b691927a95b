// The draft. What is typed belongs to the person: it is replaced only when the server changed the draft
// (data.revision), and then joined with it; it is saved one second after typing and when the page hides. Until a save
// was answered it stands in `typed`, also over a remount.
const typed = (globalThis.thekeTyped ??= new Map());
// What was saved last: a page that was made before that, as after a lost connection, still brings an older text.
const landed = (globalThis.thekeLanded ??= new Map());
const SAVE_MS = 20000;
const SLOW_MS = 4000; // after which a save without an answer is told as none
const KEEPALIVE_BYTES = 60000; // browsers refuse to carry more than 64 KiB beyond the page

const content = (box) => ({ body: box.text.value, subject: box.subject.value, cc: box.cc.value });

function changed(box) {
  box.dirty = true;
  box.trouble.hidden = true;
  dropSubject(box);
  showSubject(box);
  typed.set(box.data.inquiry, { revision: box.data.revision, base: box.base, stamp: box.stamp, ...content(box) });
  grow(box);
  showHoles(box);
  showOwnLine(box);
  clearTimeout(box.timer);
  box.timer = setTimeout(() => save(box), 1000);
}

// One save after the other, so that an older text never lands on a newer one; a page that leaves cannot wait.
async function save(box, leaving) {
  clearTimeout(box.timer);
  while (box.saving && !leaving) await box.saving;
  if (!box.dirty || !box.data) return;
  const data = box.data;
  const sent = content(box);
  box.dirty = false;
  const slow = setTimeout(() => shows(box, data) && tell(box, data.words.not_saved, true), SLOW_MS);
  const work = post(data, { ...sent, known: box.stamp });
  box.saving = work;
  const answer = await work;
  clearTimeout(slow);
  if (box.saving === work) box.saving = null;
  told(box, data, sent, answer);
}

const shows = (box, data) => box.data.inquiry === data.inquiry && box.revision === data.revision;

function tell(box, words, bad) {
  box.status.textContent = words;
  box.status.classList.toggle("bad", bad);
}

// What the server said, and its status; {} without an answer.
async function post(data, sent) {
  const body = JSON.stringify({ inquiry: data.inquiry, seen_version: data.seen_version, ...sent });
  const answer = await fetch(data.draft_url, {
    method: "POST",
    keepalive: new TextEncoder().encode(body).length < KEEPALIVE_BYTES,
    headers: { "Content-Type": "application/json", [data.token_header]: data.token },
    body,
    signal: AbortSignal.timeout(SAVE_MS),
  }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : {};
  return { ...said, status: answer?.status, ok: Boolean(answer?.ok) };
}

function told(box, data, sent, answer) {
  const kept = typed.get(data.inquiry);
  const same = kept && kept.body === sent.body && kept.subject === sent.subject && kept.cc === sent.cc;
  if (answer.ok && same) typed.delete(data.inquiry);
  if (answer.ok) landed.set(data.inquiry, { ...sent, body: answer.body ?? sent.body, stamp: answer.saved_at });
  if (!shows(box, data)) return;
  if (!answer.ok) return notSaved(box, data, answer);
  box.failed = false;
  const now = new Date().toLocaleTimeString("de", { hour: "2-digit", minute: "2-digit", timeZone: data.zone });
  tell(box, data.words.saved.replace("{time}", now), false);
  box.stamp = answer.saved_at;
  box.base = sent.body;
  if (answer.body !== undefined) takeOther(box, sent.body, answer.body);
}

function notSaved(box, data, answer) {
  const out = answer.status === 401;
  box.dirty = true;
  box.failed = !out;
  tell(box, out ? data.words.signed_out : answer.error || data.words.not_saved, true);
  if (!out) box.timer = setTimeout(() => save(box), 5000);
}

// Another tab of this person had a text of its own: the server keeps both, and both are shown. The cursor stays with
// the words it stood at.
function takeOther(box, sent, given) {
  const { text } = box;
  const back = text.value.length - text.selectionStart;
  text.value = text.value === sent ? given : joined({ body: text.value, base: sent }, given);
  text.setSelectionRange(text.value.length - back, text.value.length - back);
  box.base = given;
  if (text.value !== given) changed(box);
  grow(box);
  showHoles(box);
}

// The server changed the draft: a template, a reply taken back, a reply sent, a page opened anew.
function renew(box, given) {
  const late = landed.get(given.inquiry);
  const data = given.stamp && late?.stamp > given.stamp ? { ...given, ...late } : given;
  const kept = unsaved(box, data);
  const same = kept?.revision === data.revision; // the box was only built anew
  take(box, {
    body: same ? kept.body : kept ? joined(kept, data.body) : data.body,
    subject: kept?.subject || data.subject,
    cc: kept?.cc || data.cc,
  });
  box.base = data.body;
  box.stamp = same ? kept.stamp : data.stamp;
  box.revision = data.revision;
  box.opened = false;
  box.files = data.files.map((file) => ({ ...file }));
  tell(box, data.saved, false);
  box.ask.hidden = true;
  box.sent = null;
  box.dirty = false;
  box.failed = false;
  clearTimeout(box.timer);
  if (kept) changed(box);
  const byTemplate = Boolean(box.wanted) && box.wanted === data.chosen;
  box.wanted = null;
  box.filled = byTemplate ? data.body : null;
  if (byTemplate) {
    box.more = false;
    brought.set(data.inquiry, { body: data.body, subject: data.subject });
  }
  return byTemplate;
}

// What was typed and not saved, but for what went out as a reply meanwhile. A tap alone sends nothing.
function unsaved(box, data) {
  const kept = typed.get(data.inquiry);
  if (!kept || !box.sent || box.sent.form !== data.sent_form || !kept.body.startsWith(box.sent.body)) return kept;
  typed.delete(data.inquiry);
  const body = kept.body.slice(box.sent.body.length).trimStart();
  return body ? { ...kept, body, subject: "", cc: "" } : undefined;
}

// What is not saved yet below what the server gave; `kept.base` is what the server had when it was typed.
function joined(kept, given) {
  const { body, base } = kept;
  if (!given || given === base || body.startsWith(given)) return body;
  if (!body.trim() || given.endsWith("\n\n" + body)) return given;
  if (base && given.endsWith("\n\n" + base)) return given.slice(0, -base.length) + body;
  return given + "\n\n" + body;
}

function take(box, from) {
  box.text.value = from.body;
  box.subject.value = from.subject;
  box.cc.value = from.cc;
  if (from.cc) showExtra(box, true);
}
