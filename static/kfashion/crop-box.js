// A box on a photo that points at one garment; the upload form and the result page use it.
// It is moved and resized by mouse, finger and keyboard. Sides are fractions of the photo, 0 to 1.

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const KEY_STEP = 0.02;
const SMALLEST = 0.08;
// The shop refuses parts of fewer pixels than 16.
const SMALLEST_PIXELS = 20;
// A tap makes a box of this size around the place; a pointer that moved less has tapped.
const TAPPED = 0.45;
const TAP_PIXELS = 8;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class CropBox {
  // root: the element with [data-crop]; it holds the photo, the box and the field that is sent.
  constructor(root) {
    const find = (name) => root.querySelector(`[data-crop-${name}]`);
    this.root = root;
    this.stage = find("stage");
    this.photo = find("photo");
    this.box = find("box");
    this.field = find("field");
    this.said = find("said");
    this.parts = [...root.querySelectorAll("[data-part]")];
    this.value = WHOLE;
    this.#listen();
    this.set(WHOLE, { quietly: true });
  }

  get isWhole() {
    return this.value.width === 1 && this.value.height === 1;
  }

  // Shows the box; until then no part is sent.
  open() {
    this.root.hidden = false;
    this.field.disabled = false;
  }

  close() {
    this.root.hidden = true;
    this.field.disabled = true;
    this.set(WHOLE, { quietly: true });
  }

  // Reads "x,y,width,height", as the server writes it; anything else is the whole photo.
  read(text) {
    const [x, y, width, height] = text.split(",").map(Number);
    this.set(height > 0 ? { x, y, width, height } : WHOLE, { quietly: true });
  }

  set({ x, y, width, height }, { quietly = false } = {}) {
    width = clamp(width, this.#smallest("naturalWidth"), 1);
    height = clamp(height, this.#smallest("naturalHeight"), 1);
    this.value = { x: clamp(x, 0, 1 - width), y: clamp(y, 0, 1 - height), width, height };
    this.#draw();
    if (!quietly) this.#say();
  }

  #smallest(side) {
    return Math.min(1, Math.max(SMALLEST, SMALLEST_PIXELS / (this.photo[side] || Infinity)));
  }

  #draw() {
    const { x, y, width, height } = this.value;
    Object.assign(this.box.style, {
      left: `${100 * x}%`,
      top: `${100 * y}%`,
      width: `${100 * width}%`,
      height: `${100 * height}%`,
    });
    this.root.classList.toggle("is-whole", this.isWhole);
    this.field.value = this.isWhole ? "" : fractions(this.value).join(",");
    const shown = this.field.value;
    for (const part of this.parts) {
      const text = part.dataset.part && fractions(numbers(part.dataset.part)).join(",");
      part.setAttribute("aria-pressed", String(text === shown));
    }
  }

  // Says where the box is, once it rests: every step of a held key would be too much to hear.
  #say() {
    clearTimeout(this.sayLater);
    this.sayLater = setTimeout(() => {
      const percent = Object.fromEntries(
        Object.entries({ left: this.value.x, top: this.value.y, ...this.value })
          .map(([name, share]) => [name, Math.round(100 * share)]),
      );
      const { saidWhole, saidPart } = this.root.dataset;
      this.said.textContent = this.isWhole
        ? saidWhole
        : saidPart.replace(/\{(\w+)\}/g, (_, name) => percent[name]);
    }, 300);
  }

  #listen() {
    this.box.addEventListener("keydown", (event) => this.#press(event));
    for (const part of this.parts) {
      part.addEventListener("click", () => {
        this.set(part.dataset.part ? numbers(part.dataset.part) : WHOLE);
      });
    }
    this.stage.addEventListener("pointerdown", (event) => this.#grab(event));
    // A photo that is dragged as a file would leave the box behind.
    this.stage.addEventListener("dragstart", (event) => event.preventDefault());
  }

  #press(event) {
    if (event.key === "Escape") {
      this.set(WHOLE);
      event.preventDefault();
      return;
    }
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [across, down] = arrow.map((direction) => direction * KEY_STEP);
    const { x, y, width, height } = this.value;
    this.set(
      event.shiftKey
        ? {
            x,
            y,
            width: Math.min(width + across, 1 - x),
            height: Math.min(height + down, 1 - y),
          }
        : { x: x + across, y: y + down, width, height },
    );
  }

  #grab(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    const start = this.#place(event);
    const before = this.value;
    const corner = event.target.dataset.corner;
    const isInside = this.box.contains(event.target) && !this.isWhole;
    const follow = corner
      ? (place) => this.#resize(before, corner, place)
      : isInside
        ? (place) => this.#move(before, start, place)
        : (place) => this.#span(start, place);
    let hasMoved = false;
    const move = (moved) => {
      const distance = Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY);
      hasMoved ||= distance > TAP_PIXELS;
      if (hasMoved) follow(this.#place(moved));
    };
    const stop = (stopped) => {
      this.stage.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) this.stage.removeEventListener(name, stop);
      // The finger went on to scroll the page: nothing was meant.
      if (stopped.type === "pointercancel") this.set(before, { quietly: true });
      else if (!hasMoved && !corner && !isInside) this.#point(start);
    };
    this.stage.setPointerCapture(event.pointerId);
    this.stage.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.stage.addEventListener(name, stop);
    this.box.focus({ preventScroll: true });
    event.preventDefault();
  }

  // Where a pointer is, as fractions of the photo.
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return { x: clamp((clientX - left) / width, 0, 1), y: clamp((clientY - top) / height, 0, 1) };
  }

  #move(before, start, place) {
    this.set({ ...before, x: before.x + place.x - start.x, y: before.y + place.y - start.y });
  }

  #resize(before, corner, place) {
    const isWest = corner.includes("w");
    const isNorth = corner.includes("n");
    this.#spanFrom(
      { x: isWest ? before.x + before.width : before.x, y: isNorth ? before.y + before.height : before.y },
      { x: isWest ? -1 : 1, y: isNorth ? -1 : 1 },
      place,
    );
  }

  #span(start, place) {
    this.#spanFrom(start, { x: place.x < start.x ? -1 : 1, y: place.y < start.y ? -1 : 1 }, place);
  }

  // Spans the box between a fixed corner and a place, which lies on this side of it.
  #spanFrom(fixed, side, place) {
    const width = Math.max((place.x - fixed.x) * side.x, this.#smallest("naturalWidth"));
    const height = Math.max((place.y - fixed.y) * side.y, this.#smallest("naturalHeight"));
    this.set({
      x: side.x < 0 ? fixed.x - width : fixed.x,
      y: side.y < 0 ? fixed.y - height : fixed.y,
      width,
      height,
    });
  }

  #point({ x, y }) {
    this.set({ x: x - TAPPED / 2, y: y - TAPPED / 2, width: TAPPED, height: TAPPED });
  }
}

function numbers(text) {
  const [x, y, width, height] = text.split(",").map(Number);
  return { x, y, width, height };
}

// In whole ten-thousandths, so that left and width never add up to more than the photo.
function fractions({ x, y, width, height }) {
  const units = [x, y].map((number) => Math.round(number * 10_000));
  const sides = [width, height].map((number, side) =>
    Math.min(Math.round(number * 10_000), 10_000 - units[side]),
  );
  return [...units, ...sides].map((unit) => unit / 10_000);
}
