"use strict";
// Buttons per task and per model for every figure that has views; without script the whole shows.
for (const figure of document.querySelectorAll("figure")) {
  const views = [...figure.querySelectorAll("img")];
  if (views.length < 2) continue;
  const distinct = key => [...new Set(views.map(view => view.dataset[key]))];
  const find = (task, model) =>
    views.find(view => view.dataset.task === task && view.dataset.model === model);
  const chosen = { task: views[0].dataset.task, model: "all" };
  const groups = {};
  const show = () => {
    views.forEach(view => { view.hidden = view !== find(chosen.task, chosen.model); });
    for (const [key, buttons] of Object.entries(groups)) {
      for (const [value, button] of Object.entries(buttons)) {
        button.setAttribute("aria-pressed", String(chosen[key] === value));
      }
    }
  };
  for (const [key, all] of [["task", "all tasks"], ["model", "all sizes"]]) {
    if (distinct(key).length < 2) continue;
    const group = document.createElement("div");
    groups[key] = Object.create(null);
    for (const value of distinct(key)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = value === "all" ? all : value;
      button.addEventListener("click", () => {
        chosen[key] = value;
        if (!find(chosen.task, chosen.model)) {
          if (key === "task") chosen.model = "all";
          else chosen.task = views.find(view => view.dataset.model === value).dataset.task;
        }
        show();
      });
      groups[key][value] = button;
      group.append(button);
    }
    figure.querySelector(".toggles").append(group);
  }
  show();
}
// A click on a column's head sorts by it; a second click turns the order.
for (const table of document.querySelectorAll("table.sortable")) {
  table.querySelectorAll("thead th").forEach((head, column) => {
    head.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      const value = row => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const compare = (a, b) => {
        const [x, y] = [value(a), value(b)];
        const difference = Number(x) - Number(y);
        return Number.isNaN(difference) ? x.localeCompare(y) : difference;
      };
      const rows = [...table.tBodies[0].rows].sort(compare);
      if (descending) rows.reverse();
      table.tBodies[0].append(...rows);
      table.querySelectorAll("thead th").forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    });
  });
}
