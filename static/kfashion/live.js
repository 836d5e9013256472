// Loads a page of the admin again while its jobs get on: not unseen, and not while rows are chosen.
const { seconds } = document.currentScript.dataset;
setInterval(() => {
  if (!document.hidden && !document.querySelector(".action-select:checked")) {
    location.reload();
  }
}, Number(seconds) * 1000);
