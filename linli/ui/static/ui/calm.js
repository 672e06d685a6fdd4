/* A list that is fetched again while somebody reads or writes in it: nothing is taken out of her hands, what she had
   opened stays open. */
(function () {
  "use strict";
  var opened = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    var list = event.detail.target;
    if (!list || !list.matches("[data-calm]")) { return; }
    if (list.querySelector(".fold[data-open], [data-pick]:checked")) { event.detail.shouldSwap = false; return; }
    opened = Array.prototype.map.call(list.querySelectorAll("details[open][id]"), function (d) { return d.id; });
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (!event.detail.target.matches("[data-calm]")) { return; }
    opened.forEach(function (id) { var d = document.getElementById(id); if (d) { d.open = true; } });
  });
})();
