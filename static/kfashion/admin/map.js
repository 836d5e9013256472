// The map of the catalogue: zoom and pan, photos of products under the pointer or the arrow keys.

const map = document.querySelector(".map");
const plane = map.querySelector(".map__plane");
const card = map.querySelector(".map__card");
const told = map.querySelector(".map__told");
const points = [...plane.querySelectorAll("circle")].map((circle) => ({
  circle,
  x: Number(circle.getAttribute("cx")),
  y: Number(circle.getAttribute("cy")),
}));
const WHOLE = { x: -20, y: -20, width: 1040, height: 740 };
const CLOSEST = 40;
const RADIUS = 3.5;
const REACH_PIXELS = 24;
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let view = { ...WHOLE };
let chosen = null;
let asked = 0;
const pictures = new Map();

const shown = (point) => !point.circle.classList.contains("is-hidden");
const scale = () => WHOLE.width / view.width;

function look(next) {
  const width = Math.min(WHOLE.width, Math.max(WHOLE.width / CLOSEST, next.width));
  const height = (width * WHOLE.height) / WHOLE.width;
  const within = (value, from, length, own) => Math.min(from + length - own, Math.max(from, value));
  view = {
    x: within(next.x, WHOLE.x, WHOLE.width, width),
    y: within(next.y, WHOLE.y, WHOLE.height, height),
    width,
    height,
  };
  plane.setAttribute("viewBox", `${view.x} ${view.y} ${width} ${height}`);
  // Points grow slower than the map, so that a crowd comes apart.
  const radius = RADIUS / Math.sqrt(scale());
  for (const { circle } of points) circle.setAttribute("r", radius);
}

function zoom(factor, x = view.x + view.width / 2, y = view.y + view.height / 2) {
  const width = Math.min(WHOLE.width, Math.max(WHOLE.width / CLOSEST, view.width / factor));
  const share = width / view.width;
  look({ x: x - (x - view.x) * share, y: y - (y - view.y) * share, width });
}

function placeOf(event) {
  const place = new DOMPoint(event.clientX, event.clientY);
  return place.matrixTransform(plane.getScreenCTM().inverse());
}

function nearest(x, y) {
  const reach = REACH_PIXELS / plane.getScreenCTM().a;
  let found = null;
  let least = reach * reach;
  for (const point of points) {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance < least && shown(point)) {
      found = point;
      least = distance;
    }
  }
  return found;
}

// The nearest point of the quarter that an arrow key names; those ahead count before those beside.
function neighbour(from, [right, down]) {
  let found = null;
  let least = Infinity;
  for (const point of points) {
    const ahead = (point.x - from.x) * right + (point.y - from.y) * down;
    const beside = Math.abs((point.x - from.x) * down) + Math.abs((point.y - from.y) * right);
    const cost = ahead + 2 * beside;
    if (point !== from && ahead > 0 && beside <= ahead && cost < least && shown(point)) {
      found = point;
      least = cost;
    }
  }
  return found;
}

async function pictureOf(sku) {
  if (!pictures.has(sku)) {
    const address = `${map.dataset.picture}?sku=${encodeURIComponent(sku)}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    pictures.set(sku, answer.ok ? await answer.json() : null);
  }
  return pictures.get(sku);
}

async function choose(point) {
  if (point === chosen) return;
  chosen?.circle.classList.remove("is-chosen");
  chosen = point;
  asked += 1;
  if (!point) {
    card.hidden = true;
    told.textContent = "";
    return;
  }
  point.circle.classList.add("is-chosen");
  const mine = asked;
  const found = await pictureOf(point.circle.dataset.sku);
  if (mine !== asked || !found) return;
  const image = card.querySelector("img");
  image.hidden = !found.thumbnail;
  if (found.thumbnail) image.src = found.thumbnail;
  card.querySelector("span").textContent = found.told;
  card.href = found.page;
  card.classList.toggle("is-left", point.x > view.x + view.width / 2);
  card.hidden = false;
  told.textContent = found.told;
}

plane.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey && document.activeElement !== plane) return;
    event.preventDefault();
    const { x, y } = placeOf(event);
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, x, y);
  },
  { passive: false },
);

const fingers = new Map();
let grip = null;
let hasMoved = false;

plane.addEventListener("pointerdown", (event) => {
  plane.focus({ preventScroll: true });
  fingers.set(event.pointerId, event);
  plane.setPointerCapture(event.pointerId);
  grip = placeOf(event);
  hasMoved = false;
});

plane.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) {
    const { x, y } = placeOf(event);
    choose(nearest(x, y));
    return;
  }
  const before = fingers.get(event.pointerId);
  fingers.set(event.pointerId, event);
  if (fingers.size === 2) {
    const [other] = [...fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
    const apart = (finger) =>
      Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY);
    const { x, y } = placeOf(other);
    zoom(apart(event) / Math.max(apart(before), 1), x, y);
  } else {
    const { x, y } = placeOf(event);
    look({ ...view, x: view.x + grip.x - x, y: view.y + grip.y - y });
  }
  hasMoved ||= Math.hypot(event.movementX, event.movementY) > 2;
});

for (const name of ["pointerup", "pointercancel"]) {
  plane.addEventListener(name, (event) => {
    fingers.delete(event.pointerId);
    if (name === "pointerup" && !hasMoved) {
      const { x, y } = placeOf(event);
      choose(nearest(x, y));
    }
  });
}

plane.addEventListener("keydown", (event) => {
  const direction = DIRECTIONS[event.key];
  if (direction) {
    const middle = { x: view.x + view.width / 2, y: view.y + view.height / 2 };
    const next = neighbour(chosen ?? middle, direction);
    if (next) {
      const isInView =
        next.x > view.x && next.x < view.x + view.width &&
        next.y > view.y && next.y < view.y + view.height;
      if (!isInView) look({ ...view, x: next.x - view.width / 2, y: next.y - view.height / 2 });
      choose(next);
    }
  } else if (event.key === "+" || event.key === "=") zoom(1.5, chosen?.x, chosen?.y);
  else if (event.key === "-") zoom(1 / 1.5, chosen?.x, chosen?.y);
  else if (event.key === "0") look(WHOLE);
  else if (event.key === "Escape") choose(null);
  else if (event.key === "Enter" && chosen && !card.hidden) card.click();
  else return;
  event.preventDefault();
});

for (const button of map.querySelectorAll("[data-zoom]")) {
  const factor = Number(button.dataset.zoom);
  button.addEventListener("click", () => (factor ? zoom(factor) : look(WHOLE)));
}

for (const box of map.querySelectorAll("[data-shows]")) {
  box.hidden = false;
  box.addEventListener("change", () => {
    for (const { circle } of points) {
      if (circle.dataset.group === box.dataset.shows) {
        circle.classList.toggle("is-hidden", !box.checked);
      }
    }
    if (chosen && !shown(chosen)) choose(null);
  });
}

plane.setAttribute("tabindex", "0");
map.querySelector(".map__tools").hidden = false;
