"use strict";
(() => {
  const field = document.getElementById("filter"), said = document.getElementById("filtered");
  const rows = [...document.querySelectorAll("#roster tbody tr")];
  const texts = rows.map(row => row.textContent.toLowerCase());
  const narrow = () => {
    const wanted = field.value.trim().toLowerCase().split(/\s+/);
    let left = 0;
    rows.forEach((row, i) => {
      row.hidden = !wanted.every(word => texts[i].includes(word));
      if (!row.hidden) left += 1;
    });
    said.textContent = left === rows.length ? "" : `${left} of ${rows.length}`;
  };
  const unfold = () => {
    const card = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (card && card.tagName === "DETAILS") { card.open = true; card.scrollIntoView(); }
  };
  document.getElementById("filtering").hidden = false;
  field.addEventListener("input", narrow);
  addEventListener("hashchange", unfold);
  unfold();
})();
