// Lists that are refined in place: what sliders say, what keeps the focus, what is told.
// Without any of it the form is sent by its button, and links lead on.

const region = "refined";
let moved = null;

ready(document);
document.addEventListener("htmx:load", (event) => ready(event.detail.elt));

function ready(root) {
  for (const form of find(root, "[data-refine]")) {
    form.classList.add("is-enhanced");
    for (const element of form.querySelectorAll("[data-with-script]")) element.hidden = false;
  }
}

function find(root, selector) {
  return [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
}

// The style mix: shares of a whole, whatever the sliders add up to.

function sayShares(mixer) {
  const sliders = [...mixer.querySelectorAll("input")];
  const total = sliders.reduce((sum, slider) => sum + Number(slider.value), 0) || 1;
  for (const slider of sliders) {
    const share = `${Math.round((100 * slider.value) / total)}%`;
    slider.setAttribute("aria-valuetext", share);
    slider.closest("li").querySelector("output").textContent = share;
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-mixer-reset]")) return;
  const mixer = document.querySelector("[data-mixer]");
  const sliders = mixer.querySelectorAll("input");
  for (const slider of sliders) slider.value = slider.dataset.own;
  sayShares(mixer);
  sliders[0].dispatchEvent(new Event("input", { bubbles: true }));
});

// The price: two sliders write into two fields, and the fields move the sliders.

function movePrice(slider) {
  const [low, high] = slider.closest("[data-price]").querySelectorAll("input");
  if (Number(low.value) > Number(high.value)) {
    slider.value = slider === low ? high.value : low.value;
  }
  // Both may stand at one end: the one that can still move lies above.
  low.classList.toggle("is-above", Number(low.value) >= Number(low.max));
  const field = document.getElementById(slider.dataset.priceFor);
  const isOpen = slider.value === slider[slider.dataset.priceEnd];
  field.value = isOpen ? "" : slider.value;
  return field;
}

document.addEventListener("input", ({ target }) => {
  const mixer = target.closest("[data-mixer]");
  if (mixer) sayShares(mixer);
  if (target.dataset.priceFor) movePrice(target);
});

document.addEventListener("change", ({ target }) => {
  if (target.dataset.priceFor) {
    movePrice(target).dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const slider = target.id && document.querySelector(`[data-price-for="${CSS.escape(target.id)}"]`);
  if (slider) slider.value = target.value || slider[slider.dataset.priceEnd];
});

// Swaps.

// A facet never changes by its own choice: the one in hand keeps its focus and its state.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  if (target.matches("[id^=facet-]") && target.contains(document.activeElement)) {
    event.detail.shouldSwap = false;
  }
});

// Addresses with a mistake are answered by the list without it, and a sentence.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 400 && event.detail.target.closest(`#${region}`)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id !== "more") return;
  // The lists as they end now: what comes behind is new.
  moved = [...document.querySelectorAll("#found .grid > li")].at(-1) ?? null;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const id = detail.requestConfig?.target?.id;
  if (id === region) {
    // What was pressed is gone with the list: go on where it says what it is now.
    document.getElementById("found-count").focus({ preventScroll: true });
  } else if (id === "more" && moved) {
    const cards = [...document.querySelectorAll("#found .grid > li")];
    cards[cards.indexOf(moved) + 1]?.querySelector("a")?.focus();
    moved = null;
  }
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => {
    if (!detail.target?.closest(`#${region}`)) return;
    const { failed } = document.querySelector("[data-refine]").dataset;
    document.getElementById("found-count").textContent = failed;
  });
}

// On phones the form stands before the list: sent by hand, it makes way.
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-refine]")) return;
  const panel = target.closest("details");
  if (getComputedStyle(panel.querySelector("summary")).display === "none") return;
  panel.open = false;
  const count = document.getElementById("found-count");
  count.focus({ preventScroll: true });
  count.scrollIntoView({ block: "start" });
});
