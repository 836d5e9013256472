// Makes the upload form nicer: drop, paste, camera, a box around one garment, photos made small
// before they are sent, and a sign of life while sending. The form works without any of it.

import { CropBox } from "./crop-box.js";
import { scaleDown } from "./photo-scaling.js";

for (const form of document.querySelectorAll("[data-photo-form]")) enhance(form);

function enhance(form) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const input = form.querySelector('input[type="file"]');
  const [drop, name, camera, send, sending, refused, unseen] = [
    "drop", "name", "camera", "send", "sending", "refused", "unseen",
  ].map(find);
  const crop = new CropBox(find("crop"));
  const limits = input.dataset;
  // A photo that is still being made small, and the number of the one that was chosen last.
  let taking = null;
  let choice = 0;

  form.classList.add("is-enhanced");
  for (const element of form.querySelectorAll("[data-with-script]")) element.hidden = false;
  camera.hidden = !matchMedia("(pointer: coarse)").matches;

  function put(file) {
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
  }

  function refuse(sentence) {
    refused.textContent = sentence;
    refused.hidden = !sentence;
    if (sentence) input.value = "";
  }

  function show() {
    const [file] = input.files;
    URL.revokeObjectURL(crop.photo.src);
    name.textContent = file ? file.name : "";
    form.classList.toggle("has-photo", Boolean(file));
    crop.close();
    unseen.hidden = true;
    if (file) crop.photo.src = URL.createObjectURL(file);
    else crop.photo.removeAttribute("src");
  }

  function take() {
    const mine = ++choice;
    taking = makeReady(mine).finally(() => { if (mine === choice) taking = null; });
  }

  // Puts what was chosen into the field as it will be sent, and shows it.
  async function makeReady(mine) {
    const [file] = input.files;
    refuse("");
    if (file) {
      if (!file.size) refuse(limits.isEmpty);
      else {
        const small = await scaleDown(file, { maxSide: Number(limits.maxSide) });
        if (mine !== choice) return; // Another one was chosen meanwhile.
        if (small.size > Number(limits.maxBytes)) refuse(limits.tooLarge);
        else if (small !== file) put(small);
      }
    }
    show();
  }

  function choose(files) {
    const file = [...files].find((candidate) => candidate.type.startsWith("image/")) ?? files[0];
    if (!file) return;
    put(file);
    take();
    send.focus();
  }

  // Some browsers cannot show every format that the shop can read; the name is shown instead.
  crop.photo.addEventListener("load", () => crop.open());
  crop.photo.addEventListener("error", () => { unseen.hidden = !input.files.length; });
  input.addEventListener("change", take);

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
  form.addEventListener("submit", async (event) => {
    setSending(true);
    if (!taking) return;
    event.preventDefault();
    await taking;
    if (refused.hidden) form.requestSubmit();
    else setSending(false);
  });
  // Coming back with the browser's back button must not meet a disabled form.
  addEventListener("pageshow", () => {
    setSending(false);
    if (input.files.length) take();
    else show();
  });
}
