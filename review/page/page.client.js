"use strict";
// Search and keys. Without this script the page is complete, only not searchable by more than the browser.
const search = document.getElementById("search");
const found = document.getElementById("found");
const changes = [...document.querySelectorAll(".change")];

// Read on the first search: thousands of texts would keep a long page from opening at once.
let items;

function filter() {
  items ??= [...document.querySelectorAll(".item")].map((element) => ({
    element,
    text: element.textContent.toLowerCase(),
  }));
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, text } of items) {
    const matches = words.every((word) => text.includes(word));
    element.hidden = !matches;
    count += matches ? 1 : 0;
    const fold = element.parentElement.closest("details");
    if (matches && words.length > 0 && fold !== null) {
      fold.open = true;
    }
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = words.length > 0 && section.querySelector(".item:not([hidden])") === null;
  }
  found.textContent = words.length === 0 ? "" : `${count} of ${items.length}`;
}

function setOpen(open) {
  for (const change of changes) {
    if (!change.hidden) {
      change.open = open;
    }
  }
}

function move(step) {
  const visible = changes.filter(
    (change) => !change.hidden && change.parentElement.closest("details:not([open])") === null,
  );
  const current = visible.indexOf(document.activeElement?.closest(".change"));
  const next = visible[current === -1 && step < 0 ? visible.length - 1 : current + step];
  if (next !== undefined) {
    next.firstElementChild.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

let pending;
search.addEventListener("input", () => {
  clearTimeout(pending);
  pending = setTimeout(filter, 80);
});
document.getElementById("open").addEventListener("click", () => setOpen(true));
document.getElementById("close").addEventListener("click", () => setOpen(false));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "Escape" && search.value !== "") {
    search.value = "";
    filter();
  } else if (event.target !== search && (event.key === "j" || event.key === "k")) {
    move(event.key === "j" ? 1 : -1);
  } else if (event.target !== search && event.key === "/") {
    event.preventDefault();
    search.focus();
  }
});
