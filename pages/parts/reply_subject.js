// The subject that will be sent is always in sight. One that a template brought goes with the template's words.
const brought = (globalThis.thekeBrought ??= new Map()); // by inquiry: what a template brought, also over a remount
const OF_A_TEMPLATE = 12; // a piece of so many letters is not there by chance

function showSubject(box) {
  const { words: say, number, usual_subject: usual } = box.data;
  const given = box.subject.value.trim() || usual;
  const sent = !given || given.includes(number) ? given : given + " " + number;
  box.matter.querySelector("span:last-child").textContent = say.subject_line.replace("{subject}", () => sent || say.no_subject);
  box.matter.classList.toggle("bad", !sent);
  box.subject.placeholder = usual;
}

// What stands between the greeting and the holes.
function piecesOf(body) {
  const lines = body.split("\n").slice(1);
  const pieces = lines.flatMap((line) => line.split(/\{[^{}\n]*\}/)).map((piece) => piece.trim());
  return pieces.filter((piece) => piece.length >= OF_A_TEMPLATE);
}

function dropSubject(box) {
  const from = brought.get(box.data.inquiry);
  if (!from || box.subject.value !== from.subject) return;
  if (piecesOf(from.body).some((piece) => box.text.value.includes(piece))) return;
  box.subject.value = "";
  brought.delete(box.data.inquiry);
}
