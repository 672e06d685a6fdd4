/* The form of a procedure: names of steps follow in all choices, Enter saves nothing by itself, and when the server has drawn
   the rows anew, what was open stays open and what was typed meanwhile stays typed. */
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
  form.addEventListener("change", function (event) {
    all("[data-pass]").forEach(function (box) { if (box.getAttribute("data-pass") === event.target.name) { box.hidden = event.target.value !== "pass"; } });
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); event.target.blur(); }
  });

  function states() {
    var found = {};
    all("#rows input:not([type=hidden]), #rows select").forEach(function (f) {
      var ticks = f.type === "checkbox";
      found[f.name + (ticks ? "=" + f.value : "")] = ticks ? f.checked : f.value;
    });
    return found;
  }
  function rows(event) { return event.detail.target && event.detail.target.id === "rows"; }
  var sent = null, typed = {}, open = null;
  document.addEventListener("htmx:beforeRequest", function (event) { if (rows(event)) { sent = states(); } });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!rows(event)) { return; }
    var now = states();
    typed = {}; open = {};
    Object.keys(now).forEach(function (key) { if (sent && sent[key] !== now[key]) { typed[key] = now[key]; } });
    all("details[id]").forEach(function (d) { open[d.id] = d.open; });
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (open) {
      var fresh = null;
      all("#rows input:not([type=hidden]), #rows select").forEach(function (f) {
        var ticks = f.type === "checkbox", key = f.name + (ticks ? "=" + f.value : "");
        if (key in typed) { if (ticks) { f.checked = typed[key]; } else { f.value = typed[key]; } }
      });
      all("#rows details[id]").forEach(function (d) {
        if (d.id in open) { d.open = open[d.id]; } else if (d.classList.contains("step-row")) { fresh = d; }
      });
      open = null;
      if (fresh) { fresh.open = true; fresh.querySelector("input:not([type=hidden])").focus(); }
      // An answer to an earlier look may still be on its way: look again at what stands there now.
      window.htmx.trigger("#writing", "change");
    }
    all("[aria-describedby]").forEach(function (f) {
      var slot = document.getElementById(f.getAttribute("aria-describedby"));
      if (slot && slot.children.length) { f.setAttribute("aria-invalid", "true"); } else { f.removeAttribute("aria-invalid"); }
    });
  });
})();
