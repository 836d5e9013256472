// Makes the upload form nicer: drop, paste, camera, preview, and a sign of life while sending.
// The form works without any of it.

for (const form of document.querySelectorAll("[data-photo-form]")) enhance(form);

function enhance(form) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const input = form.querySelector('input[type="file"]');
  const [drop, preview, name, camera, send, sending] = [
    "drop", "preview", "name", "camera", "send", "sending",
  ].map(find);

  form.classList.add("is-enhanced");
  for (const element of form.querySelectorAll("[data-with-script]")) element.hidden = false;
  camera.hidden = !matchMedia("(pointer: coarse)").matches;

  function showChosen() {
    const [file] = input.files;
    URL.revokeObjectURL(preview.src);
    name.textContent = file ? file.name : "";
    form.classList.toggle("has-photo", Boolean(file));
    if (file) preview.src = URL.createObjectURL(file);
    else preview.removeAttribute("src");
  }

  function choose(files) {
    const file = [...files].find((candidate) => candidate.type.startsWith("image/")) ?? files[0];
    if (!file) return;
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    showChosen();
    send.focus();
  }

  // Some browsers cannot show every format that the shop can read; the name is shown instead.
  preview.addEventListener("load", () => { preview.hidden = false; });
  preview.addEventListener("error", () => { preview.hidden = true; });
  input.addEventListener("change", showChosen);

  camera.addEventListener("click", () => {
    input.setAttribute("capture", "environment");
    input.click();
    input.removeAttribute("capture");
  });

  // The whole page takes a dropped photo: beside the box, the browser would open it and leave.
  const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    choose(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) choose(event.clipboardData.files);
  });

  function setSending(isSending) {
    send.disabled = camera.disabled = isSending;
    sending.hidden = !isSending;
    form.classList.toggle("is-sending", isSending);
  }
  form.addEventListener("submit", () => setSending(true));
  // Coming back with the browser's back button must not meet a disabled form.
  addEventListener("pageshow", () => {
    setSending(false);
    showChosen();
  });
}
