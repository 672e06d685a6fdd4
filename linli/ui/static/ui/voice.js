/* Speaking and showing. [data-voice]: hold to speak (or tap to begin and tap to end), hear it, drop it; where the page
   may not use the microphone the file chooser opens the phone's own recorder. [data-photos]: up to nine pictures,
   shown small, made lighter before they are sent. Both fill ordinary file inputs, so the form sends them as usual.
   Sound is played through Web Audio and pictures are drawn on canvas: no blob addresses, so the strict CSP holds. */
(function () {
  "use strict";
  var NS = "http://www.w3.org/2000/svg", GREATEST = 1920;
  function find(box, name) { return box.querySelector("[data-voice-" + name + "]"); }
  function clock(seconds) { return Math.floor(seconds / 60) + ":" + String(Math.floor(seconds % 60)).padStart(2, "0"); }
  function put(input, files) { var t = new DataTransfer(); files.forEach(function (f) { t.items.add(f); }); input.files = t.files; }
  function audio() { var A = window.AudioContext || window.webkitAudioContext; return A ? new A() : null; }

  function voice(box) {
    if (box.linliVoice) { return; }
    box.linliVoice = true;
    var input = box.querySelector('input[type="file"]'), hold = find(box, "hold"), word = find(box, "word"), tip = find(box, "tip");
    var heard = find(box, "heard"), seconds = find(box, "seconds"), play = find(box, "play"), wave = find(box, "wave"), chooser = find(box, "file");
    var most = Number(box.getAttribute("data-max")) || 120, idle = word.textContent;
    var recorder = null, stream = null, parts = [], began = 0, ticking = null, dropped = false, down = 0, startY = 0, starting = false, ending = false, player = null, sound = null, full = false;
    var able = window.isSecureContext && navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.MediaRecorder && window.DataTransfer;

    function state(name) { box.setAttribute("data-state", name); }
    function say(text) { tip.textContent = text; }
    function silent() { if (player) { try { player.stop(); } catch (e) { /* already over */ } player = null; } }
    function draw(buffer) {
      while (wave.firstChild) { wave.firstChild.remove(); }
      var data = buffer.getChannelData(0), step = Math.max(1, Math.floor(data.length / 30)), peaks = [], top = 0.02, i, j;
      for (i = 0; i < 30; i++) { var p = 0; for (j = 0; j < step; j += 16) { p = Math.max(p, Math.abs(data[i * step + j] || 0)); } peaks.push(p); top = Math.max(top, p); }
      peaks.forEach(function (p, n) {
        var r = document.createElementNS(NS, "rect"), h = Math.max(3, p / top * 32);
        r.setAttribute("x", String(n * 4)); r.setAttribute("y", String(17 - h / 2)); r.setAttribute("width", "2.4"); r.setAttribute("height", String(h)); r.setAttribute("rx", "1.2"); r.setAttribute("fill", "currentColor");
        wave.appendChild(r);
      });
    }
    function shown(file, length) {
      heard.hidden = false; hold.hidden = true; chooser.hidden = true; state("kept"); if (!full) { say(""); } full = false;
      seconds.textContent = length ? clock(length) : "";
      sound = null; play.hidden = true;
      var context = audio();
      if (context && file.size < 8e6) {
        file.arrayBuffer().then(function (bytes) { return context.decodeAudioData(bytes); }).then(function (buffer) {
          sound = { context: context, buffer: buffer }; play.hidden = false; seconds.textContent = clock(buffer.duration); draw(buffer);
        }).catch(function () { say("录好了（这台手机现在放不出来，发出去能听）。"); });
      }
      box.dispatchEvent(new CustomEvent("voice", { bubbles: true, detail: { seconds: length || 0 } }));
    }
    function clear() {
      silent(); put2([]); heard.hidden = true; hold.hidden = !able; chooser.hidden = !!able; state("idle"); say(""); word.textContent = idle;
      box.dispatchEvent(new CustomEvent("voice", { bubbles: true, detail: { seconds: 0 } }));
    }
    function put2(files) { if (window.DataTransfer) { put(input, files); } else { input.value = ""; } }
    function release() { clearInterval(ticking); if (stream) { stream.getTracks().forEach(function (t) { t.stop(); }); stream = null; } }
    function stop(drop) {
      dropped = dropped || !!drop;
      if (starting) { ending = true; return; }
      if (recorder && recorder.state !== "inactive") { recorder.stop(); }
    }
    function start() {
      if (starting || (recorder && recorder.state === "recording")) { return; }
      starting = true; ending = false; dropped = false; say("");
      navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } }).then(function (got) {
        starting = false; stream = got;
        if (ending) { release(); word.textContent = idle; state("idle"); say("可以说话了，再按住试试。"); return; }
        var kind = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"].filter(function (t) { return MediaRecorder.isTypeSupported(t); })[0];
        recorder = new MediaRecorder(got, kind ? { mimeType: kind, audioBitsPerSecond: 24000 } : {});
        parts = []; began = Date.now(); state("on"); word.textContent = "松开就好 0:00";
        recorder.ondataavailable = function (e) { if (e.data.size) { parts.push(e.data); } };
        recorder.onstop = function () {
          release();
          var length = (Date.now() - began) / 1000, type = recorder.mimeType || "audio/webm";
          state("idle"); word.textContent = idle;
          if (dropped) { say("没有留下。"); return; }
          if (length < 0.8) { say("太短了，按住多说一会儿。"); return; }
          var file = new File(parts, "voice." + (type.indexOf("mp4") > 0 ? "m4a" : type.indexOf("ogg") > 0 ? "ogg" : "webm"), { type: type.split(";")[0] });
          put(input, [file]); shown(file, length);
        };
        recorder.start(1000);
        ticking = setInterval(function () {
          var s = (Date.now() - began) / 1000;
          word.textContent = (down ? "松开就好 " : "说完点一下 ") + clock(s);
          if (s >= most) { full = true; stop(); say("到 " + clock(most) + " 了，先存下这一段；没说完可以再录一段。"); }
        }, 250);
      }).catch(function () {
        starting = false; able = false; state("idle"); hold.hidden = true; chooser.hidden = false;
        say("没有得到话筒的许可。点“录一段话”用手机自带的录音也可以。");
      });
    }
    if (able) {
      chooser.hidden = true; hold.hidden = false;
      hold.addEventListener("contextmenu", function (e) { e.preventDefault(); });
      hold.addEventListener("pointerdown", function (e) {
        if (e.button) { return; }
        e.preventDefault(); hold.focus();
        if (recorder && recorder.state === "recording") { stop(); return; }
        down = Date.now(); startY = e.clientY;
        try { hold.setPointerCapture(e.pointerId); } catch (x) { /* a pen that has gone */ }
        start();
      });
      hold.addEventListener("pointermove", function (e) { if (down) { say(startY - e.clientY > 80 ? "松开手指，就不要这一段了。" : ""); } });
      hold.addEventListener("pointerup", function (e) {
        if (!down) { return; }
        var held = Date.now() - down; down = 0;
        if (held < 400) { say("在听，说完点一下。"); return; }  // a tap begins, the next tap ends: for hands that cannot hold
        stop(startY - e.clientY > 80);
      });
      hold.addEventListener("pointercancel", function () { if (down) { down = 0; stop(); } });
      hold.addEventListener("keydown", function (e) {
        if (e.key !== "Enter" && e.key !== " ") { return; }
        e.preventDefault();
        if (e.repeat) { return; }
        if (recorder && recorder.state === "recording") { stop(); } else { say("在听，说完再按一下。"); start(); }
      });
      hold.addEventListener("keyup", function (e) { if (e.key === " ") { e.preventDefault(); } });
    }
    input.addEventListener("change", function () { if (input.files.length) { shown(input.files[0], 0); } });
    find(box, "drop").addEventListener("click", clear);
    play.addEventListener("click", function () {
      if (player) { silent(); return; }
      if (!sound) { return; }
      sound.context.resume();
      player = sound.context.createBufferSource(); player.buffer = sound.buffer; player.connect(sound.context.destination);
      player.onended = function () { player = null; }; player.start();
    });
    if (box.closest("form")) {
      box.closest("form").addEventListener("taken", clear);
      box.closest("form").addEventListener("reset", function () { setTimeout(clear, 0); });
    }
  }

  function lighter(file) {  // smaller and without EXIF; whatever goes wrong, the picture itself is sent
    if (!window.createImageBitmap || file.type === "image/gif") { return Promise.resolve({ file: file, picture: null }); }
    return createImageBitmap(file).then(function (picture) {
      var scale = Math.min(1, GREATEST / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < 600000) { return { file: file, picture: picture }; }
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale); canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          done({ file: blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file, picture: picture });
        }, "image/jpeg", 0.85);
      });
    }).catch(function () { return { file: file, picture: null }; });
  }

  function photos(box) {
    if (box.linliPhotos || !window.DataTransfer) { return; }
    box.linliPhotos = true;
    var input = box.querySelector('input[type="file"]'), add = input.closest(".add"), most = Number(box.getAttribute("data-max")) || 9, kept = [];
    var coming = [], work = Promise.resolve();  // until a picture is lighter, it stands in the form as it is: whoever sends now sends it
    function sync() {
      var count = kept.length + coming.length;
      put(input, kept.map(function (k) { return k.file; }).concat(coming)); add.hidden = count >= most;
      box.dispatchEvent(new CustomEvent("photos", { bubbles: true, detail: { count: count } }));
    }
    function tile(k) {
      var cell = document.createElement("div"), drop = document.createElement("button"), b = document.createElement("b");
      if (k.picture) {
        var canvas = document.createElement("canvas"), side = Math.min(k.picture.width, k.picture.height);
        canvas.width = canvas.height = 240;
        canvas.getContext("2d").drawImage(k.picture, (k.picture.width - side) / 2, (k.picture.height - side) / 2, side, side, 0, 0, 240, 240);
        canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", k.file.name);
        cell.appendChild(canvas);
      } else { var name = document.createElement("p"); name.className = "name"; name.textContent = k.file.name; cell.appendChild(name); }
      drop.type = "button"; drop.className = "drop"; drop.setAttribute("aria-label", "去掉这张"); b.textContent = "×"; drop.appendChild(b);
      drop.addEventListener("click", function () { kept.splice(kept.indexOf(k), 1); cell.remove(); sync(); });
      cell.appendChild(drop);
      k.cell = cell;
      box.insertBefore(cell, add);
    }
    input.addEventListener("change", function () {
      var fresh = Array.prototype.slice.call(input.files), room = most - kept.length - coming.length;
      if (fresh.length > room && window.linli) { window.linli.toast("最多 " + most + " 张，先放了前 " + room + " 张。"); }
      fresh = fresh.slice(0, room); coming = coming.concat(fresh); sync();
      work = fresh.reduce(function (before, file) {
        return before.then(function () { return lighter(file); }).then(function (k) {
          var at = coming.indexOf(file);
          if (at < 0) { return; }  // sent or cleared meanwhile
          coming.splice(at, 1); kept.push(k); tile(k); sync();
        });
      }, work);
    });
    function clear() { kept.forEach(function (k) { k.cell.remove(); }); kept = []; coming = []; sync(); }
    if (box.closest("form")) {
      box.closest("form").addEventListener("taken", clear);
      box.closest("form").addEventListener("reset", function () { setTimeout(clear, 0); });
    }
  }
  function wake(from) {
    Array.prototype.forEach.call(from.querySelectorAll("[data-voice]"), voice);
    Array.prototype.forEach.call(from.querySelectorAll("[data-photos]"), photos);
  }
  wake(document);
  document.addEventListener("htmx:load", function (event) { wake(event.detail.elt.parentNode || document); });
})();
