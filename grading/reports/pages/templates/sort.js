// Column titles become buttons that sort; without this script the table stands as it is.
const valueOf = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
};
const compare = (one, other) => {
  if (one === "" || other === "") return (one === "") - (other === "");
  return Number.isNaN(one - other)
    ? one.localeCompare(other, undefined, { numeric: true })
    : one - other;
};
for (const table of document.querySelectorAll("table.sortable")) {
  const titles = [...table.tHead.rows[0].cells];
  titles.forEach((title, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...title.childNodes);
    title.append(button);
    button.addEventListener("click", () => {
      const descending = title.ariaSort === "ascending";
      const rows = [...table.tBodies[0].rows];
      rows.sort((one, other) => compare(valueOf(one, column), valueOf(other, column)));
      if (descending) rows.reverse();
      titles.forEach((each) => each.removeAttribute("aria-sort"));
      title.setAttribute("aria-sort", descending ? "descending" : "ascending");
      table.tBodies[0].append(...rows);
    });
  });
}
