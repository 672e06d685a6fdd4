/* The big button at home: once a voice message stands there, the button that sends it appears. */
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("[data-voice-send]"), function (button) {
    var form = button.form, input = form.querySelector('.voice input[type="file"]');
    function look() { button.hidden = !(input && input.files.length); }
    form.addEventListener("voice", function () { setTimeout(look, 0); });
    look();
  });
})();
