/* A talk's pieces: asks for what came after the newest message it has, and leaves out what already stands on the page
   (what is asked for reaches a little further back, because messages may be stored later than they were begun). */
(function () {
  "use strict";
  var talk = document.getElementById("talk"), form = document.getElementById("say"), wrong = document.getElementById("say-wrong");
  if (!talk) { return; }
  function newest() {
    var all = talk.querySelectorAll('.msg[id^="m-"]'), last = "", i;
    for (i = 0; i < all.length; i++) { if (all[i].id > last) { last = all[i].id; } }
    return last.slice(2);
  }
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt === talk || event.detail.elt === form) { event.detail.parameters.after = newest(); }
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    var detail = event.detail, holder, news = 0;
    if (detail.xhr.status === 422 || detail.target !== talk || !detail.shouldSwap) { return; }
    holder = document.createElement("div");
    holder.innerHTML = detail.serverResponse;
    Array.prototype.slice.call(holder.querySelectorAll(".msg[id]")).forEach(function (fresh) {
      Array.prototype.forEach.call(fresh.querySelectorAll("[data-order]"), function (tag) {  // a newer word about an order stands on all its cards
        Array.prototype.forEach.call(talk.querySelectorAll('[data-order="' + tag.getAttribute("data-order") + '"]'), function (old) { old.className = tag.className; old.textContent = tag.textContent; });
      });
      var there = document.getElementById(fresh.id);
      if (there && fresh.querySelector("[data-ai]") && !there.querySelector("[data-ai]")) { there.replaceWith(fresh); htmx.process(fresh); return; }  // another wording has come under an answer
      if (there) { fresh.remove(); } else { news += 1; }
    });
    if (news) { var none = document.getElementById("talk-empty"); if (none) { none.remove(); } }
    detail.serverResponse = holder.innerHTML;
  });
  if (form) {
    form.addEventListener("input", function () { if (wrong) { wrong.textContent = ""; } });
    form.addEventListener("taken", function () {
      if (wrong) { wrong.textContent = ""; }
      var more = document.getElementById("more");
      if (more) { more.removeAttribute("data-open"); }
      setTimeout(function () { window.scrollTo(0, document.documentElement.scrollHeight); }, 60);
    });
  }
})();
