/* Live pieces: <div data-live="signed token" hx-get="…" hx-trigger="live">. One stream per token to /live?t=…;
   "changed" makes a DOM event "live" on the element. Reconnects with growing pauses, fetches once after that, and
   where no stream can be had it simply asks again at each pause. A hidden page lets go of its stream. */
(function () {
  "use strict";
  var streams = {}, FIRST = 1000, LAST = 60000, resting = null;

  function holders(token) {
    return Array.prototype.filter.call(document.querySelectorAll("[data-live]"), function (e) { return e.getAttribute("data-live") === token; });
  }
  function tell(token, detail) {
    holders(token).forEach(function (e) { e.dispatchEvent(new CustomEvent("live", { detail: detail || {}, bubbles: false })); });
  }
  function close(token) {
    var s = streams[token];
    if (!s) { return; }
    clearTimeout(s.timer);
    if (s.source) { s.source.close(); }
    delete streams[token];
  }
  function later(token) {
    var s = streams[token];
    if (!s || s.timer) { return; }
    var pause = s.pause * (0.75 + Math.random() / 2);
    s.pause = Math.min(s.pause * 2, LAST);
    s.timer = setTimeout(function () {
      s.timer = null;
      useNext();
      if (!holders(token).length) { close(token); scan(); return; }
      tell(token, { again: true });
      open(token);
    }, pause);
  }
  function open(token) {
    var s = streams[token] || (streams[token] = { pause: FIRST, timer: null, source: null, missed: false });
    if (!window.EventSource) { s.pause = Math.max(s.pause, 8000); later(token); return; }
    if (s.source) { s.source.close(); }
    var source = s.source = new EventSource("/live?t=" + encodeURIComponent(token));
    source.onopen = function () {
      s.pause = FIRST;
      if (s.missed) { s.missed = false; tell(token, { again: true }); }
    };
    source.addEventListener("changed", function (event) {
      var detail = {};
      try { detail = JSON.parse(event.data); } catch (e) { /* "changed" alone says enough */ }
      if (!holders(token).length) { close(token); return; }
      tell(token, detail);
    });
    source.onerror = function () { s.missed = true; source.close(); later(token); };
  }
  function scan() {
    var wanted = {};
    Array.prototype.forEach.call(document.querySelectorAll("[data-live]"), function (e) {
      var t = e.getAttribute("data-live");
      if (t) { wanted[t] = true; }
    });
    Object.keys(streams).forEach(function (t) { if (!wanted[t]) { close(t); } });
    Object.keys(wanted).forEach(function (t) { if (!streams[t]) { open(t); } });
  }
  function renew(from) {  // a fetched piece may bring the token of the next connection: <i data-live-token="…" hidden></i>
    var fresh = from.querySelector && from.querySelector("[data-live-token]"), holder = fresh && fresh.closest("[data-live]");
    if (!holder) { return; }
    var before = holder.getAttribute("data-live"), token = fresh.getAttribute("data-live-token"), s = streams[before];
    fresh.remove();
    if (!token || token === before) { return; }
    if (s && s.source && s.source.readyState === 1 && holders(before).length === 1) { holder.linliNext = token; return; }
    holder.setAttribute("data-live", token);
    scan();
  }
  function useNext() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-live]"), function (e) {
      if (!e.linliNext) { return; }
      e.setAttribute("data-live", e.linliNext);
      e.linliNext = null;
      e.dispatchEvent(new CustomEvent("live", { detail: { again: true }, bubbles: false }));
    });
  }
  document.addEventListener("htmx:afterSettle", function (event) { renew(event.detail.target || document); scan(); });
  document.addEventListener("visibilitychange", function () {
    clearTimeout(resting);
    if (document.hidden) {
      resting = setTimeout(function () { Object.keys(streams).forEach(close); }, 60000);
    } else if (!Object.keys(streams).length) {
      useNext(); scan();
      Object.keys(streams).forEach(function (t) { tell(t, { again: true }); });
    }
  });
  window.addEventListener("online", function () { useNext(); scan(); Object.keys(streams).forEach(function (t) { streams[t].pause = FIRST; tell(t, { again: true }); }); });
  window.addEventListener("pagehide", function () { Object.keys(streams).forEach(close); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { useNext(); scan(); Object.keys(streams).forEach(function (t) { tell(t, { again: true }); }); } });
  // Before all scripts are there htmx does not listen yet, and what is told then would be lost: on a slow phone that takes seconds.
  if (document.readyState === "complete") { scan(); } else { document.addEventListener("DOMContentLoaded", scan); window.addEventListener("load", scan); }
})();
