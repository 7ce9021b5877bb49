"use strict";
(() => {
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  const byId = (id) => document.getElementById(id);

  for (const tools of all(".js")) tools.hidden = false;

  // Collapse and expand.
  for (const button of all("button[data-fold]")) {
    button.addEventListener("click", () => {
      for (const details of all("details", byId(button.dataset.fold))) {
        if (!details.hidden) details.open = Boolean(button.dataset.open);
      }
    });
  }

  // A link to a failure expands it.
  const expand = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", expand);
  expand();

  // A click on the head of a column sorts its table.
  const value = (row, column) => {
    const cell = row.cells[column];
    const text = "v" in cell.dataset ? cell.dataset.v : cell.textContent.trim().replaceAll(",", "");
    const number = Number.parseFloat(text);
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  const compare = (a, b) =>
    typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1;
  const sort = (table, head) => {
    const up = head.ariaSort === "descending" || !(head.ariaSort || head.classList.contains("num"));
    const column = head.cellIndex;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [value(row, column), row]);
    rows.sort((a, b) => (up ? compare(a[0], b[0]) : compare(b[0], a[0])));
    body.append(...rows.map((pair) => pair[1]));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.ariaSort = up ? "ascending" : "descending";
  };
  for (const table of all("table.sortable")) {
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = "Sort by this column";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head));
    }
  }

  // Search and filter the failures.
  const query = byId("q");
  if (!query) return;
  const model = byId("by-model");
  const group = byId("by-group");
  const texts = new Map();
  const text = (failure) => {
    if (!texts.has(failure)) {
      texts.set(failure, failure.textContent.toLowerCase().replace(/\s+/g, " "));
    }
    return texts.get(failure);
  };
  const searchTerms = () => {
    const words = query.value.toLowerCase().match(/"[^"]+"|[^\s"]+/g) || [];
    return words.map((word) => word.replaceAll('"', "").replace(/\s+/g, " "));
  };
  const filter = () => {
    const words = searchTerms();
    let shown = 0;
    let total = 0;
    for (const section of all(".group")) {
      let matches = 0;
      const inGroup = !group.value || section.dataset.group === group.value;
      for (const failure of all(".failure", section)) {
        const match =
          inGroup &&
          (!model.value || failure.dataset.model === model.value) &&
          words.every((word) => text(failure).includes(word));
        failure.hidden = !match;
        matches += match;
        total += 1;
      }
      section.hidden = !matches;
      shown += matches;
    }
    byId("shown").textContent = `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} shown`;
    byId("nothing").hidden = shown > 0;
  };
  query.form.addEventListener("submit", (event) => event.preventDefault());
  for (const field of [query, model, group]) field.addEventListener("input", filter);
  filter();
})();
