// Holes: what a template leaves to a person, «{preis}», and what else blocks a send (data.hole). While they are being
// filled in (box.filling), one Enter or one tap leads on, so that it goes by finger alone.
const holesIn = (box) => [...box.text.value.matchAll(new RegExp(box.data.hole, "g"))];
const PLAIN_KEYBOARD = 0.5; // of a tablet's screen: so much stays free whatever keyboard comes up

function showHoles(box) {
  const found = [...new Set(holesIn(box).map((hole) => hole[0]))];
  box.holes.hidden = !found.length;
  box.holes.replaceChildren(make("span", "", box.data.words.missing));
  for (const hole of found) {
    box.holes.append(button("hole", hole, "", () => selectHole(box, box.text.value.indexOf(hole))));
  }
}

// The first hole at or after `from`, else the first of all; whether there is one.
function selectHole(box, from) {
  const holes = holesIn(box);
  const hole = holes.find((found) => found.index >= from) ?? holes[0];
  fillOn(box, Boolean(hole));
  if (!hole) return;
  box.text.focus({ preventScroll: true });
  box.text.setSelectionRange(hole.index, hole.index + hole[0].length);
  bringIntoView(box, hole);
}

// To the next hole. When nothing is missing any more, the keyboard goes and the send comes into sight; the tap on it
// stays the person's.
function leadOn(box, from) {
  selectHole(box, from);
  if (box.filling) return;
  box.text.blur();
  box.send.scrollIntoView({ block: "nearest" });
}

// The key of an on-screen keyboard that leads on says so.
function fillOn(box, filling) {
  box.filling = filling;
  box.text.enterKeyHint = filling ? "next" : "enter";
}

// A tap into a hole means all of it; one beside it is for words of one's own, and Enter a new line again.
function onTap(box) {
  const { selectionStart: at, selectionEnd: end } = box.text;
  if (at !== end) return;
  const hole = holesIn(box).find((found) => found.index <= at && at <= found.index + found[0].length);
  if (hole) selectHole(box, hole.index);
  else fillOn(box, false);
}

// Heard before the line break is put in: on-screen keyboards do not tell their keys.
function onLineBreak(box, event) {
  if (!box.filling || box.shift || !["insertLineBreak", "insertParagraph"].includes(event.inputType)) return;
  event.preventDefault();
  leadOn(box, box.text.selectionEnd);
}

// Browsers do not scroll to a selection made by a script. A copy of the text over the field tells where it stands.
function bringIntoView(box, hole) {
  const copy = make("div", "field copy", box.text.value.slice(0, hole.index));
  const mark = make("span", "mark", hole[0]);
  copy.append(mark);
  copy.style.top = box.text.offsetTop + "px";
  box.root.append(copy);
  const { top, bottom } = mark.getBoundingClientRect();
  const free = window.innerHeight * (matchMedia("(pointer: coarse)").matches ? PLAIN_KEYBOARD : 0.9);
  if (top < 80 || bottom > free) mark.scrollIntoView({ block: "start" });
  copy.remove();
}
