/* A list that is fetched again while somebody reads or writes in it: nothing is taken out of her hands, what she had
   opened stays open. While her finger is on it, or what she sent from it is under way, the fresh list waits: else her tap
   would meet another row, and the answer to it would find no place to be shown. */
(function () {
  "use strict";
  var opened = [], LIFTED = 400;

  function listOf(element) { return element && element.closest && element.closest("[data-calm]"); }
  function hold(list) { list.linliHeld = (list.linliHeld || 0) + 1; }
  function free(list) {
    list.linliHeld -= 1;
    if (!list.linliHeld && list.linliMissed) { list.linliMissed = false; list.dispatchEvent(new CustomEvent("live", { bubbles: false })); }
  }

  document.addEventListener("pointerdown", function (event) {
    var list = listOf(event.target);
    if (!list) { return; }
    hold(list);
    function lifted() {
      document.removeEventListener("pointerup", lifted);
      document.removeEventListener("pointercancel", lifted);
      setTimeout(function () { free(list); }, LIFTED);
    }
    document.addEventListener("pointerup", lifted);
    document.addEventListener("pointercancel", lifted);
  });
  document.addEventListener("htmx:beforeSend", function (event) {
    var list = listOf(event.detail.elt);
    if (!list || list === event.detail.elt) { return; }
    hold(list);
    event.detail.xhr.addEventListener("loadend", function () { free(list); });
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var list = event.detail.target;
    if (!list || !list.matches("[data-calm]")) { return; }
    if (list.linliHeld && event.detail.requestConfig.elt === list) { event.detail.shouldSwap = false; list.linliMissed = true; return; }
    if (list.querySelector(".fold[data-open], [data-pick]:checked")) { event.detail.shouldSwap = false; return; }
    opened = Array.prototype.map.call(list.querySelectorAll("details[open][id]"), function (d) { return d.id; });
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (!event.detail.target.matches("[data-calm]")) { return; }
    opened.forEach(function (id) { var d = document.getElementById(id); if (d) { d.open = true; } });
  });
})();
