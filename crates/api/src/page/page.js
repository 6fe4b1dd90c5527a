// What is pleasant but not needed: everything can be read without this script.
"use strict";

const root = document.documentElement;

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds until the page is left.
  }
}

// Light or dark.
const theme = document.getElementById("theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = root.dataset.theme ?? (dark ? "dark" : "light");
  root.dataset.theme = shown === "dark" ? "light" : "dark";
  remember("theme", root.dataset.theme);
});

// The other language, at the same place.
const language = document.getElementById("language");
language.addEventListener("click", () => {
  remember("language", language.lang);
  language.hash = location.hash;
});

// Tables that show only the rows with a word in them.
for (const input of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.querySelectorAll(`#${input.dataset.filter} tbody tr`)];
  input.hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}

// A link into a table that is filtered must find its row.
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.hidden) return;
  const table = target.closest("table");
  const input = document.querySelector(`[data-filter="${table.id}"]`);
  input.value = "";
  input.dispatchEvent(new Event("input"));
  target.scrollIntoView();
});

// Examples to copy. The clipboard is only there where the page came over a safe way.
if (navigator.clipboard) {
  for (const example of document.querySelectorAll("main pre")) {
    const frame = document.createElement("div");
    frame.className = "example";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = document.body.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(example.textContent);
      button.textContent = document.body.dataset.copied;
      setTimeout(() => (button.textContent = document.body.dataset.copy), 1500);
    });
    example.replaceWith(frame);
    frame.append(example, button);
  }
}

// Where in the page the reader is.
const links = new Map();
for (const link of document.querySelectorAll(".contents a")) links.set(link.hash.slice(1), link);
const sections = [...links.keys()].map((id) => document.getElementById(id));
let here = null;

function mark() {
  const line = innerHeight / 3;
  let current = sections[0];
  for (const section of sections) {
    if (section.getBoundingClientRect().top <= line) current = section;
  }
  const atEnd = scrollY > 0 && innerHeight + scrollY >= document.body.scrollHeight - 2;
  if (atEnd) current = sections.at(-1);
  if (current.id === here) return;
  links.get(here)?.removeAttribute("aria-current");
  here = current.id;
  const link = links.get(here);
  link.setAttribute("aria-current", "true");
  // On a phone the contents are a row that is wider than the screen.
  const row = link.closest("ol");
  if (row.scrollWidth > row.clientWidth) {
    row.scrollLeft = link.offsetLeft - row.offsetLeft - 16;
  }
}

let waiting = false;
addEventListener(
  "scroll",
  () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  },
  { passive: true },
);
mark();
