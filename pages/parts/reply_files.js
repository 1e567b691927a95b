// Files on the draft: kept by the server as soon as they are chosen.
function showFiles(box) {
  box.files_row.hidden = !box.files.length;
  box.files_row.replaceChildren(...box.files.map((file) => fileNode(box, file)));
}

function fileNode(box, file) {
  const data = box.data;
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
