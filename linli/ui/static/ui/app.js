/* Small manners of every page: 长辈版, size of type, keyboard, copying, drafts, forms sent once, taking back.
   No inline handlers; everything is found by data attributes (docs/ui.md). Chromium 90 is the floor. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.setAttribute("data-js", "");

  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }
  function on(type, run, target) { (target || document).addEventListener(type, run); }
  function keep(name, value) { document.cookie = name + "=" + value + ";path=/;max-age=31536000;samesite=lax"; }
  function near(event, selector) { return event.target && event.target.closest ? event.target.closest(selector) : null; }
  var store = {
    get: function (key) { try { return JSON.parse(localStorage.getItem(key)); } catch (e) { return null; } },
    set: function (key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch (e) { /* full or forbidden: the field itself still holds the words */ } },
    drop: function (key) { try { localStorage.removeItem(key); } catch (e) { /* as above */ } },
    keys: function () { try { return Object.keys(localStorage); } catch (e) { return []; } }
  };

  /* ── one line at the foot of the page ── */
  function toast(text, options) {
    options = options || {};
    var box = document.getElementById("toasts");
    if (!box) { return; }
    var line = document.createElement("div");
    line.className = "toast" + (options.bad ? " bad" : "");
    var words = document.createElement("span");
    words.className = "grow";
    words.textContent = text;
    line.appendChild(words);
    function button(label, run) {
      var b = document.createElement("button");
      b.type = "button"; b.className = "btn"; b.textContent = label;
      on("click", function () { line.remove(); run(); }, b);
      line.appendChild(b);
    }
    if (options.undo) { button(options.label || "撤回", options.undo); }
    button("知道了", function () {});
    var foot = document.querySelector(".foot");
    box.style.bottom = foot && foot.offsetHeight ? foot.offsetHeight + 10 + "px" : "";
    while (box.children.length > 2) { box.firstChild.remove(); }
    box.appendChild(line);
    if (!options.bad) { setTimeout(function () { if (!line.contains(document.activeElement)) { line.remove(); } }, options.undo ? 12000 : 6000); }
  }
  on("toast", function (event) {  // from the header HX-Trigger, see linli.ui.answers.toast
    var said = event.detail || {};
    toast(said.text || said.value || "", said.undo ? { undo: function () { window.htmx.ajax("POST", said.undo, { swap: "none" }); } } : {});
  });

  /* ── 长辈版 and size of type ── */
  function dress() {
    var elder = root.hasAttribute("data-elder"), size = root.getAttribute("data-size") || "0";
    all("[data-elder-toggle]").forEach(function (a) {
      var word = a.querySelector("span") || a;
      word.textContent = elder ? "标准版" : "长辈版";
      if (a.href) { a.setAttribute("href", "/elder?on=" + (elder ? 0 : 1)); }
    });
    all("[data-size-set]").forEach(function (b) { b.setAttribute("aria-pressed", String(b.getAttribute("data-size-set") === size)); });
  }
  on("click", function (event) {
    var toggle = near(event, "[data-elder-toggle]"), size = near(event, "[data-size-set]");
    if (toggle) {
      event.preventDefault();
      root.toggleAttribute("data-elder");
      keep("elder", root.hasAttribute("data-elder") ? "1" : "0");
      dress();
    }
    if (size) {
      var value = size.getAttribute("data-size-set");
      if (value === "0") { root.removeAttribute("data-size"); } else { root.setAttribute("data-size", value); }
      keep("size", value);
      dress();
    }
  });

  /* ── copying ── */
  function copy(text) {
    if (window.isSecureContext && navigator.clipboard) { return navigator.clipboard.writeText(text); }
    var area = document.createElement("textarea"), before = document.activeElement;
    area.className = "offscreen"; area.value = text; area.setAttribute("readonly", "");
    document.body.appendChild(area);
    area.select(); area.setSelectionRange(0, text.length);
    var done = document.execCommand("copy");
    area.remove();
    if (before && before.focus) { before.focus(); }
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  on("click", function (event) {
    var button = near(event, "[data-copy]");
    if (!button) { return; }
    var what = button.getAttribute("data-copy"), from = /^#[\w-]+$/.test(what) ? document.querySelector(what) : null;
    copy(from ? ("value" in from && from.value !== undefined ? from.value : from.textContent.trim()) : what).then(function () {
      var word = button.querySelector("span") || button, before = button.getAttribute("data-before") || word.textContent;
      button.setAttribute("data-before", before);
      word.textContent = "已复制";
      toast(button.getAttribute("data-copied") || "已复制，可以去粘贴了。");
      setTimeout(function () { word.textContent = before; }, 2500);
      button.dispatchEvent(new CustomEvent("copied", { bubbles: true }));
    }, function () { toast("这台设备不让自动复制，请长按文字自己复制。", { bad: true }); });
  });

  /* ── a drawing (SVG) saved as a picture that every chat takes: <a href="…" download data-png="week.png"> ── */
  function painted(svg, name) {
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas"), link = document.createElement("a");
      canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
      canvas.getContext("2d").drawImage(image, 0, 0);
      canvas.toBlob(function (blob) {
        link.href = URL.createObjectURL(blob); link.download = name;
        link.click();
        toast("图片存好了，在“下载”里，可以发到工作群。");
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
      }, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  }
  on("click", function (event) {
    var link = near(event, "a[data-png]");
    if (!link || !window.fetch || !HTMLCanvasElement.prototype.toBlob) { return; }  // an old browser gets the drawing
    event.preventDefault();
    fetch(link.href, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (svg) { painted(svg, link.getAttribute("data-png")); }, function () {
      toast("图片没有取到，请看看网络，再点一次。", { bad: true });
    });
  });

  /* ── small clicks: print, back, show and hide, two taps instead of a question ── */
  on("click", function (event) {
    if (near(event, "[data-print]")) { window.print(); }
    var back = near(event, "[data-back]");
    if (back && history.length > 1) { event.preventDefault(); history.back(); }
    var toggle = near(event, "[data-toggle]");
    if (toggle) {
      var what = document.querySelector(toggle.getAttribute("data-toggle"));
      if (what) { toggle.setAttribute("aria-expanded", String(what.toggleAttribute("data-open"))); }
    }
    var close = near(event, "[data-close]");
    if (close) { var gone = close.closest(close.getAttribute("data-close") || ".note"); if (gone) { gone.remove(); } }
  });
  // A weighty button wants a second tap within five seconds, in its own place: <button data-twice="再点一次：退回">
  window.addEventListener("click", function (event) {  // before htmx sees the first tap
    var button = near(event, "[data-twice]");
    if (button && !button.hasAttribute("data-armed")) {
      event.preventDefault(); event.stopPropagation();
      var word = button.querySelector("span") || button, before = word.textContent;
      button.setAttribute("data-armed", "");
      word.textContent = button.getAttribute("data-twice") || "再点一次确定";
      setTimeout(function () { button.removeAttribute("data-armed"); word.textContent = before; }, 5000);
    }
  }, true);

  /* ── drafts: words stay until the server has taken them ── */
  var DRAFT = "linli:draft:", WEEK = 7 * 864e5;
  store.keys().forEach(function (key) {
    if (key.indexOf(DRAFT) === 0) { var d = store.get(key); if (!d || Date.now() - d.at > WEEK) { store.drop(key); } }
  });
  function fields(from) { return all("[data-draft]", from).concat(from.matches && from.matches("[data-draft]") ? [from] : []); }
  function restore(field) {
    if (field.linliDraft) { return; }
    field.linliDraft = true;
    var kept = store.get(DRAFT + field.getAttribute("data-draft"));
    if (!kept || !kept.text || field.value) { return; }
    field.value = kept.text;
    fit(field);
    var line = document.createElement("p"), drop = document.createElement("button");
    line.className = "draft wide"; line.textContent = "上次没发出去的话还在。";
    drop.type = "button"; drop.className = "btn plain"; drop.textContent = "清空";
    on("click", function () {
      var text = field.value;
      field.value = ""; store.drop(DRAFT + field.getAttribute("data-draft")); line.remove(); fit(field);
      toast("已清空。", { undo: function () { field.value = text; fit(field); field.dispatchEvent(new Event("input", { bubbles: true })); } });
    }, drop);
    line.appendChild(drop);
    field.insertAdjacentElement("afterend", line);
  }
  function forget(form) {
    fields(form).forEach(function (f) {
      store.drop(DRAFT + f.getAttribute("data-draft"));
      var line = f.nextElementSibling;
      if (line && line.classList.contains("draft")) { line.remove(); }
    });
  }
  function fit(area) {  // a line of talk grows with its words
    if (!area.matches(".say textarea")) { return; }
    area.style.height = "auto";
    area.style.height = Math.min(area.scrollHeight + 3, 180) + "px";
  }
  on("input", function (event) {
    var field = event.target;
    if (!field.matches) { return; }
    if (field.matches(".say textarea")) { fit(field); }
    if (!field.matches("[data-draft]")) { return; }
    var key = DRAFT + field.getAttribute("data-draft");
    if (field.value) { store.set(key, { text: field.value, at: Date.now() }); } else { store.drop(key); }
  });
  on("submit", function (event) {  // leaving a shared device: nothing stays behind
    if (event.target.matches("[data-forget]")) { store.keys().forEach(function (k) { if (k.indexOf("linli:") === 0) { store.drop(k); } }); }
  });

  /* ── forms sent once ── */
  function uuid() {  // randomUUID wants a secure page; this does not
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var h = Array.prototype.map.call(b, function (x) { return (x + 256).toString(16).slice(1); }).join("");
    return h.slice(0, 8) + "-" + h.slice(8, 12) + "-" + h.slice(12, 16) + "-" + h.slice(16, 20) + "-" + h.slice(20);
  }
  function keyed(form, renew) {
    var key = form.querySelector('input[name="key"]');
    if (!key) { key = document.createElement("input"); key.type = "hidden"; key.name = "key"; form.appendChild(key); }
    if (renew || !key.value) { key.value = uuid(); }
  }
  function overHtmx(form) { return form.matches("[hx-post],[hx-put],[hx-patch],[hx-delete],[data-hx-post]"); }
  function busy(form, yes) {
    form.linliBusy = yes;
    all('button[type="submit"], button:not([type])', form).forEach(function (b) { if (yes) { b.setAttribute("aria-busy", "true"); } else { b.removeAttribute("aria-busy"); } });
  }
  function clearSent(form) {  // what was typed while the other words were under way stays, and stays a draft
    var kept = (form.linliSent || []).map(function (pair) {
      var now = pair[0].value, sent = pair[1];
      return [pair[0], now === sent ? "" : now.indexOf(sent) === 0 ? now.slice(sent.length).replace(/^\s+/, "") : now];
    });
    form.reset();
    kept.forEach(function (pair) {
      pair[0].value = pair[1]; fit(pair[0]);
      if (pair[1]) { pair[0].dispatchEvent(new Event("input", { bubbles: true })); }
    });
  }
  function taken(form) { forget(form); keyed(form, true); form.dispatchEvent(new CustomEvent("taken", { bubbles: true })); }
  var LOST = "没发出去，网络好像断了。写好的都还在，等一下再点一次就行。";
  function refusal(status, text) {
    try { var json = JSON.parse(text); if (json && json.message) { return json.message; } } catch (e) { /* a page, not data */ }
    if (text && text.length < 400 && !/[<{]/.test(text)) { return text; }
    var page = new DOMParser().parseFromString(text || "", "text/html"), said = page.querySelector("[data-error-text] + p");
    if (said) { return said.textContent; }
    if (status === 429) { return "点得有点快，歇一会儿再试。写好的都还在。"; }
    if (status === 413) { return "照片或录音太大，少选几张再发。写好的都还在。"; }
    if (status === 403) { return "这一步您现在做不了，刷新页面看看；写好的都还在。"; }
    if (status === 409) { return "刚刚有人先办了，刷新看看现在的样子。"; }
    return "没办成，写好的都还在，过一会儿再试。";
  }
  function toWrong(from) {
    var wrong = from.querySelector('[aria-invalid="true"], .wrong, .note.bad') || from;
    if (wrong.focus) { wrong.focus(); }
    wrong.scrollIntoView({ block: "center" });
  }
  function show(html, form) {
    var page = new DOMParser().parseFromString(html, "text/html"), fresh = page.getElementById("main"), main = document.getElementById("main");
    if (!fresh || !main) { return false; }
    main.innerHTML = fresh.innerHTML;
    if (window.htmx) { window.htmx.process(main); }
    wake(main);
    toWrong(main);
    return true;
  }
  function send(form, by) {
    var data = new FormData(form);
    if (by && by.name) { data.append(by.name, by.value); }
    busy(form, true);
    fetch((by && by.getAttribute("formaction")) || form.getAttribute("action") || location.href, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Requested-With": "fetch" } }).then(function (answer) {
      return answer.text().then(function (text) {
        busy(form, false);
        if (answer.ok) {
          taken(form);
          if (answer.redirected) {
            if (answer.url.split("#")[0] === location.href.split("#")[0]) { location.reload(); } else { location.assign(answer.url); }
          } else { show(text, form); }
        } else if (answer.status !== 422 || !show(text, form)) { toast(refusal(answer.status, text), { bad: true }); }
      });
    }).catch(function () { busy(form, false); toast(LOST, { bad: true }); });
  }
  on("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) { return; }
    if (form.linliBusy) { event.preventDefault(); return; }
    keyed(form, false);
    if (overHtmx(form)) { return; }
    event.preventDefault();
    send(form, event.submitter);
  });
  on("htmx:beforeRequest", function (event) {
    var form = event.detail.elt;
    if (!form.matches("form")) { return; }
    if (form.linliBusy && form.matches("[data-once]")) { event.preventDefault(); return; }
    form.linliSent = fields(form).map(function (f) { return [f, f.value]; });
    busy(form, true);
  });
  on("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (!form || !form.matches || !form.matches("form")) { return; }
    busy(form, false);
    var status = event.detail.xhr ? event.detail.xhr.status : 0;  // "successful" would count a 422 too
    if (status >= 200 && status < 300 && event.detail.requestConfig && event.detail.requestConfig.verb !== "get") {
      taken(form);
      if (form.hasAttribute("data-clear")) { clearSent(form); }
    }
  });
  on("htmx:sendError", function (event) {
    var live = event.detail.requestConfig && event.detail.requestConfig.verb === "get";
    if (!live) { toast(LOST, { bad: true }); }
  });
  on("htmx:timeout", function () { toast(LOST, { bad: true }); });
  on("htmx:responseError", function (event) {
    var answer = event.detail.xhr;
    toast(refusal(answer.status, answer.responseText), { bad: true });
  });
  on("pageshow", function (event) { if (event.persisted) { all("form[data-once]").forEach(function (f) { busy(f, false); keyed(f, true); }); dress(); } }, window);
  on("keydown", function (event) {  // a line of talk: Enter sends at a keyboard, Shift+Enter breaks the line
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && event.target.matches("textarea[data-enter]") && matchMedia("(hover: hover)").matches) {
      event.preventDefault();
      if (event.target.value.trim()) { event.target.form.requestSubmit(); }
    }
  });

  /* ── no network: said once, plainly ── */
  function network() {
    var line = document.querySelector(".line-off");
    if (navigator.onLine) { if (line) { line.remove(); } return; }
    if (line) { return; }
    line = document.createElement("p");
    line.className = "line-off"; line.setAttribute("role", "status");
    line.textContent = "网络断了。写的话会留着，连上再发。";
    document.body.insertBefore(line, document.body.firstChild);
  }
  on("online", network, window); on("offline", network, window);

  /* ── keyboard: / search, j k rows, x pick, Esc closes the drawer ── */
  function rows() { return all("[data-row]").filter(function (r) { return r.offsetParent !== null; }); }
  function entry(row) { return row.matches("a,button") ? row : row.querySelector("a[href], a[hx-get], button"); }
  on("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      var tree = document.querySelector(".tree-box[data-open]");
      if (tree) { tree.removeAttribute("data-open"); } else { closeDrawer(); }
      if (document.activeElement && document.activeElement.matches("[data-search]")) { document.activeElement.blur(); }
      return;
    }
    if (event.target.matches && event.target.matches("input, textarea, select, [contenteditable]")) { return; }
    if (event.key === "/") {
      var box = document.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "j" || event.key === "k") {
      var list = rows(), at = list.findIndex(function (r) { return r.contains(document.activeElement); });
      if (at < 0) { at = list.findIndex(function (r) { return r.classList.contains("on"); }); }
      var next = list[Math.max(0, Math.min(list.length - 1, at + (event.key === "j" ? 1 : -1)))];
      if (next) { event.preventDefault(); var e = entry(next); if (e) { e.focus(); } next.scrollIntoView({ block: "nearest" }); }
    } else if (event.key === "x") {
      var row = rows().filter(function (r) { return r.contains(document.activeElement); })[0], tick = row && row.querySelector("[data-pick]");
      if (tick) { tick.click(); }
    }
  });
  on("click", function (event) {  // a whole row opens like its link
    var row = near(event, "[data-row]");
    if (!row || near(event, "a, button, input, label, select, textarea, summary") || String(window.getSelection())) { return; }
    var link = entry(row);
    if (link) { link.click(); }
  });

  /* ── the drawer ── */
  var opener = null;
  function drawer() { return document.getElementById("drawer"); }
  function closeDrawer() {
    var box = drawer();
    if (!box || !box.children.length) { return; }
    box.textContent = "";
    all("[data-row].on").forEach(function (r) { r.classList.remove("on"); });
    if (box.dataset.home && box.dataset.home !== location.pathname + location.search) { history.replaceState({}, "", box.dataset.home); }
    if (opener && document.contains(opener)) { opener.focus(); }
    opener = null;
  }
  on("click", function (event) { if (near(event, "[data-close-drawer]")) { closeDrawer(); } });
  on("htmx:beforeRequest", function (event) {
    var box = drawer(), detail = event.detail;
    if (!box || detail.target !== box || box.contains(detail.elt)) { return; }
    if (!box.children.length) { box.dataset.home = location.pathname + location.search; }
    opener = detail.elt;
    all("[data-row].on").forEach(function (r) { r.classList.remove("on"); });
    var row = detail.elt.closest("[data-row]");
    if (row) { row.classList.add("on"); }
  });

  /* ── picking several rows ── */
  function picked() {
    var count = all("[data-pick]:checked").length;
    all("[data-bulk]").forEach(function (b) { b.hidden = count === 0; });
    all("[data-bulk-count]").forEach(function (b) { b.textContent = String(count); });
    all("[data-pick]").forEach(function (p) { var r = p.closest("[data-row]"); if (r) { r.setAttribute("aria-selected", String(p.checked)); } });
    var every = document.querySelector("[data-pick-all]"), total = all("[data-pick]").length;
    if (every) { every.checked = count > 0 && count === total; every.indeterminate = count > 0 && count < total; }
  }
  on("change", function (event) {
    if (!event.target.matches) { return; }
    if (event.target.matches("[data-pick-all]")) { all("[data-pick]").forEach(function (p) { p.checked = event.target.checked; }); picked(); }
    if (event.target.matches("[data-pick]")) { picked(); }
    if (event.target.matches("[data-send-on-change]") && event.target.form) { event.target.form.requestSubmit(); }
  });

  /* ── what was ticked among the hits of a search stays there, ticked, when other hits come ── */
  var ticked = [];
  on("htmx:beforeSwap", function (event) {
    var hits = event.detail.target;
    ticked = hits && hits.matches("[data-hits]") ? all("[data-hits] input:checked").map(function (i) { return i.closest("li"); }) : [];
  });
  on("htmx:afterSwap", function (event) {
    var hits = event.detail.target;
    if (!ticked.length || !hits.matches("[data-hits]")) { return; }
    var list = hits.querySelector("ul") || hits.insertBefore(document.createElement("ul"), hits.firstChild);
    list.className = "stack tight";
    ticked.reverse().forEach(function (row) {
      all("[data-hits] input").forEach(function (i) { if (i.value === row.querySelector("input").value) { i.closest("li").remove(); } });
      list.insertBefore(row, list.firstChild);
    });
    ticked = [];
  });

  /* ── a talk stays at its end unless somebody reads further up ── */
  var atEnd = true;
  function measure() { atEnd = window.innerHeight + window.pageYOffset >= document.documentElement.scrollHeight - 160; }
  function toEnd() { window.scrollTo(0, document.documentElement.scrollHeight); }
  on("htmx:beforeSwap", measure);
  on("htmx:beforeSwap", function (event) {  // 422 with words only, not a form drawn again
    var answer = event.detail.xhr;
    if (answer.status !== 422 || /html/.test(answer.getResponseHeader("Content-Type") || "")) { return; }
    event.detail.shouldSwap = false;
    toast(refusal(422, answer.responseText), { bad: true });
  });
  function stick(from) { if (document.querySelector("[data-stick]") && (atEnd || from === "start")) { toEnd(); } }

  /* ── waking what is new on the page ── */
  function wake(from) {
    all("form[data-once]", from).concat(from.matches && from.matches("form[data-once]") ? [from] : []).forEach(function (f) { keyed(f, false); });
    fields(from).forEach(restore);
    picked(); dress();
    var box = drawer();
    if (box && !box.children.length) { box.textContent = ""; }
  }
  on("htmx:load", function (event) { wake(event.detail.elt || document); });
  on("htmx:afterSettle", function (event) {
    stick();
    var box = drawer();
    // A form that is drawn again with what is wrong in it may be longer than a phone.
    if (event.detail.xhr && event.detail.xhr.status === 422 && event.detail.target.querySelector(".wrong")) { toWrong(event.detail.target); }
    if (box && event.detail.target === box) { var head = box.querySelector("[data-focus]"); if (head) { head.focus({ preventScroll: true }); } box.scrollTop = 0; }
  });
  wake(document); network(); stick("start");
  on("load", function () { stick("start"); }, window);
  window.linli = { toast: toast, copy: copy, uuid: uuid, closeDrawer: closeDrawer };
})();
