// Calls this API with both rights packages and shows the two answers beside each other. The
// sandbox makes the headers that prove who calls; it only does so for its own made-up clients.
"use strict";
(function () {
  const section = document.getElementById("try");
  const { sandbox, base, prefix } = section.dataset;
  const words = section.dataset;
  const byId = (id) => document.getElementById(`try-${id}`);
  const PACKAGES = ["full", "restricted"];
  const USUAL = ["Name", "NorwegianIdentificationNumber", "Status", "AddressProtection",
    "ResidentialAddress", "FamilyRelation", "MaritalStatus"];

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // The parts are those of the table further down.
  const boxes = [...document.querySelectorAll("#parts-table tbody tr")].map((row) => {
    const box = element("input");
    box.type = "checkbox";
    box.value = row.id.slice("part-".length);
    box.checked = USUAL.includes(box.value);
    const label = element("label");
    // With the places where the name may be broken.
    label.append(box, ...row.querySelector("th code").cloneNode(true).childNodes);
    byId("parts").append(label);
    return box;
  });
  for (const button of section.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      const { choose } = button.dataset;
      for (const box of boxes) {
        box.checked = choose === "all" || (choose === "some" && USUAL.includes(box.value));
      }
    });
  }

  const camel = (kind) => kind.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  const traitWord = (trait) => words[camel(`trait-${trait}`)] ?? trait;

  async function fillPersons() {
    const answer = await fetch(`${sandbox}/sandbox/page/persons`, { credentials: "omit" });
    const { persons } = await answer.json();
    const groups = new Map();
    for (const { number, name, trait } of persons) {
      if (!groups.has(trait)) {
        const group = element("optgroup");
        group.label = traitWord(trait);
        byId("person").append(group);
        groups.set(trait, group);
      }
      const option = element("option", "", name);
      option.value = number;
      groups.get(trait).append(option);
    }
    byId("number").value = byId("person").value;
  }
  byId("person").addEventListener("change", () => {
    byId("number").value = byId("person").value;
  });
  const complain = (text) => (byId("message").textContent = text);
  fillPersons().catch(() => complain(words.failed));

  async function call(name, number, parts, history) {
    const path = `/api/v3/${name}-access/person/get-by-nin`;
    const wish = { package: `${name}-access`, method: "POST", url: base + path };
    // Text, so that the browser need not ask first whether JSON may be sent.
    const signed = await fetch(`${sandbox}/sandbox/page/headers`, {
      method: "POST",
      body: JSON.stringify(wish),
      credentials: "omit",
    });
    const { authorization, dpop } = await signed.json();
    const query = new URLSearchParams(parts.map((part) => ["informationParts", part]));
    if (history) query.set("includeHistory", "true");
    const started = performance.now();
    const answer = await fetch(`${prefix}${path}?${query}`, {
      method: "POST",
      headers: { authorization, dpop },
      body: new URLSearchParams({ nin: number }),
      credentials: "omit",
    });
    const body = await answer.json();
    const ms = performance.now() - started;
    const withheld = (answer.headers.get("withheld-information-parts") ?? "").split(/,\s*/);
    return { status: answer.status, body, ms, withheld };
  }

  // The longest common lines of both, as pairs; a line that only one has stands alone or beside
  // one of the other's.
  function pairs(left, right) {
    const lengths = Array.from({ length: left.length + 1 }, () =>
      new Uint32Array(right.length + 1));
    for (let i = left.length - 1; i >= 0; i--) {
      for (let j = right.length - 1; j >= 0; j--) {
        lengths[i][j] = left[i] === right[j]
          ? lengths[i + 1][j + 1] + 1
          : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      }
    }
    const rows = [];
    let [i, j] = [0, 0];
    while (i < left.length || j < right.length) {
      if (i < left.length && j < right.length && left[i] === right[j]) {
        rows.push([left[i++], right[j++], true]);
      } else if (j === right.length || (i < left.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
        rows.push([left[i++], undefined, false]);
      } else {
        rows.push([undefined, right[j++], false]);
      }
    }
    return rows;
  }

  const lines = (value) => value === undefined ? [] : JSON.stringify(value, null, 2)
    .split("\n").map((line) => line.replace(/,$/, ""));

  function cell(text, side, both) {
    if (text === undefined) return element("div", "cell absent");
    const made = element("div", `cell of-${side} ${both ? "both" : side}`, text);
    if (!both) {
      const only = side === "full" ? words.onlyFull : words.onlyRestricted;
      made.prepend(element("span", "unseen", `${only}: `));
    }
    return made;
  }

  function compare(property, left, right, withheld) {
    const rows = pairs(lines(left), lines(right));
    const different = rows.filter(([, , both]) => !both).length;
    const block = element("div", "pairs");
    const title = element("h3", "", property);
    const note = different ? `${words.lines}: ${different}` : words.both;
    title.append(element("small", "", note));
    block.append(title);
    if (right === undefined && left !== undefined) {
      // Said once instead of line by line.
      const column = element("div");
      for (const [text] of rows) column.append(cell(text, "full", false));
      const isWithheld = withheld.some((part) => part.toLowerCase() === property.toLowerCase());
      const said = isWithheld ? words.withheld : words.empty;
      block.append(column, element("div", "cell said", said));
      return [block, different];
    }
    for (const [one, other, both] of rows) {
      block.append(cell(one, "full", both), cell(other, "restricted", both));
    }
    return [block, different];
  }

  function show(full, restricted) {
    const answers = byId("answers");
    answers.replaceChildren();
    let different = 0;
    const properties = new Set([...Object.keys(full.body), ...Object.keys(restricted.body)]);
    for (const property of properties) {
      const [left, right] = [full.body[property], restricted.body[property]];
      const [block, lines] = compare(property, left, right, restricted.withheld);
      different += lines;
      answers.append(block);
    }
    byId("full").textContent = `${full.status} · ${full.ms.toFixed(0)} ms`;
    byId("restricted").textContent = `${restricted.status} · ${restricted.ms.toFixed(0)} ms`;
    byId("summary").textContent = different ? `${words.lines}: ${different}` : words.same;
    byId("result").hidden = false;
  }

  byId("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    const number = byId("number").value.trim();
    const parts = boxes.filter((box) => box.checked).map((box) => box.value);
    if (!/^\d{11,12}$/.test(number)) {
      complain(words.number);
      byId("number").focus();
      return;
    }
    if (!parts.length) {
      complain(words.none);
      boxes[0].focus();
      return;
    }
    const button = section.querySelector(".primary");
    button.setAttribute("aria-busy", "true");
    try {
      const calls = PACKAGES.map((name) => call(name, number, parts, byId("history").checked));
      const [full, restricted] = await Promise.all(calls);
      show(full, restricted);
    } catch {
      complain(words.failed);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
})();
