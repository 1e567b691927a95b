// What a person could tap, hit with a finger, read or scroll to: handed to the test as plain values.
() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const nodes = all(document);
  const CONTROLS = "a[href], button, input, select, textarea, summary, [role=button], [role=radio], [role=checkbox], [role=option], [role=menuitem], [role=tab], [role=switch], [role=combobox]";
  // A finger that lands on one of these lands on the control in it.
  const WRAPPERS = "label, [data-baseweb=select], [data-baseweb=input], [data-baseweb=base-input], [data-testid=stTextInputRootElement], [data-testid=stTextAreaRootElement], [data-testid=stDateInputField], [data-testid=stSelectbox] > div, [role=group], .f";
  const PARTS = (node) => /INPUT|SELECT|TEXTAREA/.test(node.tagName) || node.getAttribute("role") === "combobox" || node.getAttribute("aria-haspopup") === "listbox";
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || box.right <= 0 || box.bottom <= 0) return false;
    return node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && getComputedStyle(node).clipPath !== "inset(50%)" && node.style.width !== "1px";
  };
  const inText = (node) => {
    const around = node.parentElement && node.parentElement.closest("p, li");
    return node.tagName === "A" && around && around.textContent.trim().length > node.textContent.trim().length + 3;
  };
  const name = (node) => node.getAttribute("aria-label") || node.textContent.trim().slice(0, 40) || node.placeholder || node.dataset.testid || node.className;
  const size = (node) => {
    const own = node.getBoundingClientRect();
    const around = PARTS(node) ? node.closest(WRAPPERS) : null;
    const outer = around ? around.getBoundingClientRect() : own;
    return [Math.max(own.width, outer.width), Math.max(own.height, outer.height)];
  };
  const small = nodes
    .filter((node) => node.matches(CONTROLS) && node.type !== "hidden" && node.tabIndex !== -1 || node.matches("button, [role=option]"))
    .filter((node) => shown(node) && !inText(node))
    .map((node) => ({ name: String(name(node)), tag: node.tagName.toLowerCase(), chrome: node.closest("[data-testid]")?.dataset.testid ?? "", size: size(node).map((n) => Math.round(n * 10) / 10) }))
    .filter((found) => found.size[0] < 43.5 || found.size[1] < 43.5);
  const wide = nodes
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && shown(node))
    .slice(0, 5)
    .map((node) => `${node.tagName}.${String(node.className).slice(0, 60)}`);
  const main = document.querySelector("[data-testid=stMain]") ?? document.scrollingElement;
  const sideways = Math.max(document.scrollingElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
  const labels = nodes.filter(shown).flatMap((node) => [node.placeholder, node.title, node.getAttribute("aria-label"), node.alt]).filter(Boolean);
  return { small, sideways, wide: sideways > 0 ? wide : [], labels };
}
