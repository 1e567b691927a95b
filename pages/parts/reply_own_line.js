// Room for a line of one's own, which a template keeps for a person: one tap puts a gap there, to be filled like any
// other, and another tap takes the empty gap out again.
const ownLineOf = ({ templates, chosen }) => templates.find((template) => template.id === chosen)?.below_own_line ?? null;

function showOwnLine(box) {
  const opened = box.text.value.includes(box.data.words.own_gap);
  box.own.hidden = ownLineOf(box.data) === null || !box.text.value.trim();
  box.own.setAttribute("aria-pressed", String(opened));
  box.own.querySelector(".icon").textContent = opened ? "remove" : "add";
}

function turnOwnLine(box) {
  const gap = box.data.words.own_gap;
  const { value } = box.text;
  const empty = value.includes(gap);
  const at = empty ? value.indexOf(gap) : ownPlace(value, ownLineOf(box.data));
  if (empty) box.text.value = value.replace("\n\n" + gap, "").replace(gap, "");
  else box.text.setRangeText("\n\n" + gap, at, at);
  changed(box);
  if (empty) fillOn(box, false);
  else selectHole(box, at);
}

// Before so many paragraphs as the template has below that room, else below the greeting.
function ownPlace(text, below) {
  const written = text.trimEnd();
  const breaks = [...written.matchAll(/\n\s*\n/g)];
  if (!below || !breaks.length) return written.length;
  return (breaks.at(-below) ?? breaks[0]).index;
}
