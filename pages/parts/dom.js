// Nodes for our components; Python puts this file in front of each. Words only ever become text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text) node.textContent = text;
  return node;
};
const icon = (name) => {
  const node = make("span", "icon", name);
  node.setAttribute("aria-hidden", "true");
  return node;
};
const button = (cls, label, iconName, onclick) => {
  const node = make("button", cls);
  node.type = "button";
  if (iconName) node.append(icon(iconName));
  if (label !== null) node.append(make("span", "", label));
  if (onclick) node.onclick = onclick;
  return node;
};
