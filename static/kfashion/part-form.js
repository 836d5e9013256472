// The box by which a shopper searches for another part of a photo sent before. Without scripts the
// form offers fixed parts. Results may arrive later, put into the page by htmx.

import { CropBox } from "./crop-box.js";

function enhance(form) {
  if (form.dataset.isEnhanced) return;
  form.dataset.isEnhanced = "yes";
  for (const element of form.querySelectorAll("[data-without-script]")) element.hidden = true;
  for (const element of form.querySelectorAll("[data-with-script]")) element.hidden = false;
  const crop = new CropBox(form.querySelector("[data-crop]"));
  crop.open();
  crop.read(form.dataset.box);
  const send = form.querySelector("[data-send]");
  form.addEventListener("submit", () => { send.disabled = true; });
  addEventListener("pageshow", () => { send.disabled = false; });
}

function enhanceAll() {
  for (const form of document.querySelectorAll("[data-part-form]")) enhance(form);
}

enhanceAll();
document.addEventListener("htmx:load", enhanceAll);
