// Hearts: shows what the shop has taken down, and asks before anything is remembered.
// Forms do all of it without this module as well; here they need no page of their own.

let heart = null;

const question = () => document.querySelector(".consent");

const close = () => {
  question()?.remove();
  heart?.focus();
};

document.addEventListener("shopper:liked", ({ detail }) => {
  for (const button of document.querySelectorAll(`[data-like="${Number(detail.product)}"]`)) {
    button.setAttribute("aria-pressed", String(detail.isLiked));
    button.value = detail.isLiked ? "unlike" : "like";
  }
});

// Comes before the question is put into the page, from the heart that was pressed.
document.addEventListener("shopper:asked", ({ target }) => {
  question()?.remove();
  heart = target.querySelector("[data-like]");
});

document.addEventListener("htmx:afterSettle", () => {
  const asked = question();
  if (asked && !asked.contains(document.activeElement)) {
    asked.focus();
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-close]")) {
    close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && question()?.contains(event.target)) {
    close();
  }
});
