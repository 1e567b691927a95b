// What the customer asked, to be ticked. Ticks are a person's own and only a hint: they stay in this tab, by the number
// of the message, never its words.
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
  const left = questions.length - done;
  const told = all ? say.all_covered : left === 1 ? say.question : say.questions.replace("{count}", String(left));
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
