// Templates: a tap fills the box. What somebody typed is asked about first.
const OFFERED = 3;

function showChips(box, trigger) {
  const data = box.data;
  const choose = async (template, sure) => {
    const own = box.text.value.trim() && box.text.value !== box.filled;
    if (own && !sure) return ask(box, template, choose);
    box.ask.hidden = true;
    box.text.focus({ preventScroll: true }); // in the tap itself: only there a tablet's keyboard opens
    clearTimeout(box.timer);
    await box.saving;
    box.dirty = false;
    typed.delete(data.inquiry);
    box.wanted = template.id;
    trigger("template", template.id);
  };
  const visible = box.more ? data.templates : offered(data);
  const chips = visible.map((template) => {
    const chosen = template.id === data.chosen;
    return button("chip" + (chosen ? " chosen" : ""), template.name, chosen ? "check" : "", () => choose(template));
  });
  if (data.templates.length > OFFERED) chips.push(moreChip(box, trigger));
  box.chips.hidden = !chips.length;
  box.chips.replaceChildren(...chips);
}

// The first ones, and in any case the one behind the text.
function offered({ templates, chosen }) {
  const first = templates.slice(0, OFFERED);
  const behind = templates.slice(OFFERED).find((template) => template.id === chosen);
  return behind ? [first[0], behind] : first; // in one line, so that the send stays in sight
}

function moreChip(box, trigger) {
  const { fewer, more } = box.data.words;
  return button("chip fold", box.more ? fewer : more, box.more ? "expand_less" : "expand_more", () => {
    box.more = !box.more;
    showChips(box, trigger);
  });
}

function ask(box, template, choose) {
  const yes = button("plain", box.data.words.replace, "", () => choose(template, true));
  const no = button("quiet", box.data.words.keep, "", () => (box.ask.hidden = true));
  box.ask.hidden = false;
  box.ask.replaceChildren(make("span", "", box.data.words.replaces), yes, no);
}
