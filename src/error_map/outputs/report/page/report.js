"use strict";
(() => {
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  const byId = (id) => document.getElementById(id);

  for (const tools of all(".js")) tools.hidden = false;

  // Fold and unfold.
  for (const button of all("button[data-fold]")) {
    button.addEventListener("click", () => {
      for (const one of all("details", byId(button.dataset.fold))) {
        if (!one.hidden) one.open = Boolean(button.dataset.open);
      }
    });
  }

  // A link to a failure unfolds it.
  const unfold = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Tables are sorted by a click on a column's head.
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
  const text = (one) => {
    if (!texts.has(one)) texts.set(one, one.textContent.toLowerCase().replace(/\s+/g, " "));
    return texts.get(one);
  };
  const wanted = () => {
    const words = query.value.toLowerCase().match(/"[^"]+"|[^\s"]+/g) || [];
    return words.map((word) => word.replaceAll('"', "").replace(/\s+/g, " "));
  };
  const filter = () => {
    const words = wanted();
    let shown = 0;
    let of = 0;
    for (const section of all(".group")) {
      let here = 0;
      const right = !group.value || section.dataset.group === group.value;
      for (const one of all(".failure", section)) {
        const fits =
          right &&
          (!model.value || one.dataset.model === model.value) &&
          words.every((word) => text(one).includes(word));
        one.hidden = !fits;
        here += fits;
        of += 1;
      }
      section.hidden = !here;
      shown += here;
    }
    byId("shown").textContent = `${shown.toLocaleString("en")} of ${of.toLocaleString("en")} shown`;
    byId("nothing").hidden = shown > 0;
  };
  query.form.addEventListener("submit", (event) => event.preventDefault());
  for (const one of [query, model, group]) one.addEventListener("input", filter);
  filter();
})();
