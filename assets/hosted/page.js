// Shows the result when the check ends, and keeps a form from being sent twice. The page works without it.
"use strict";
(() => {
  for (const form of document.forms) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      form.setAttribute("aria-busy", "true");
    });
  }
  // A page that the back button brings back can be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });

  const status = document.querySelector("[data-poll]");
  if (!status) return;
  let wait = 1000;
  const look = async () => {
    try {
      const reply = await fetch(status.dataset.poll, { cache: "no-store" });
      if (reply.ok && (await reply.json()).status !== "processing") {
        status.textContent = status.dataset.done;
        location.reload();
        return;
      }
    } catch {
      // The sandbox may be starting again: ask later.
    }
    wait = Math.min(wait * 1.3, 10000);
    setTimeout(look, wait);
  };
  setTimeout(look, wait);
})();
