/* The form of a procedure: names of steps follow in all choices, what was open stays open, Enter saves nothing by itself. */
(function () {
  "use strict";
  var form = document.getElementById("editor");
  if (!form) { return; }
  function all(selector, from) { return Array.prototype.slice.call((from || form).querySelectorAll(selector)); }

  form.addEventListener("input", function (event) {
    var code = event.target.getAttribute("data-step");
    if (!code) { return; }
    var name = event.target.value || "（没有名字）";
    all("select[data-steps] option").forEach(function (option) { if (option.value === code) { option.textContent = name; } });
    all("[data-name]").forEach(function (b) { if (b.getAttribute("data-name") === code) { b.textContent = name; } });
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); event.target.blur(); }
  });

  var open = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id !== "rows") { return; }
    open = {};
    all("details[id]").forEach(function (d) { open[d.id] = d.open; });
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (!open) { return; }
    var fresh = null;
    all("#rows details[id]").forEach(function (d) {
      if (d.id in open) { d.open = open[d.id]; } else if (d.classList.contains("step-row")) { fresh = d; }
    });
    open = null;
    if (fresh) { fresh.open = true; fresh.querySelector("input:not([type=hidden])").focus(); }
  });
})();
