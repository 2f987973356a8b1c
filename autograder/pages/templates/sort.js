// A click on a heading sorts its table by that column, and again the other way round.
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th"), table = heading.closest("table"), body = table.tBodies[0];
    const column = heading.cellIndex, down = heading.getAttribute("aria-sort") !== "descending";
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const order = (a, b) => (isNaN(a) || isNaN(b) ? compare(a, b) : a - b);
    const rows = [...body.rows].sort((one, other) => order(key(one), key(other)));
    body.append(...(down ? rows.reverse() : rows));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  });
}
