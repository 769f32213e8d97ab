// Pages work without it. It keeps lists up to date, warns before the session ends, and sends a form once.
(() => {
  "use strict";
  const background = { headers: { "Portal-Background": "true" }, redirect: "error", cache: "no-store" };

  const live = document.querySelector("[data-live]");
  if (live && live.dataset.liveSeconds) {
    const said = document.querySelector("[data-live-said]");
    const seconds = Number(live.dataset.liveSeconds);
    let mark = live.dataset.liveMark;
    let failed = 0;
    // Whoever reads by keyboard would lose their place.
    const isRead = () => live.contains(document.activeElement);
    const update = async () => {
      if (document.hidden || isRead()) return true;
      if (live.dataset.live) {
        const answer = await fetch(live.dataset.live, background);
        if (!answer.ok) return false;
        const newest = await answer.text();
        if (newest === mark) return true;
      }
      const page = await fetch(location.href, background);
      if (!page.ok) return false;
      const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-live]");
      if (!found) return false;
      if (isRead()) return true;
      mark = found.dataset.liveMark;
      live.replaceChildren(...found.childNodes);
      if (said) said.textContent = live.dataset.liveWords;
      return true;
    };
    const again = async () => {
      let answered = false;
      try {
        answered = await update();
      } catch {
        // The session has ended, or nothing answers.
      }
      failed = answered ? 0 : failed + 1;
      const stopped = document.querySelector("[data-live-stopped]");
      if (stopped) stopped.hidden = answered;
      // A service that is away for a minute is asked again; a session that has ended is not asked for ever.
      if (failed < 10) setTimeout(again, seconds * 1000 * (1 + failed));
    };
    setTimeout(again, seconds * 1000);
  }

  const idle = document.querySelector("[data-idle-seconds]");
  if (idle) {
    const warning = Number(idle.dataset.idleWarningSeconds) * 1000;
    const ended = "/session-ended?to=" + encodeURIComponent(location.pathname);
    let ends = Date.now() + Number(idle.dataset.idleSeconds) * 1000;
    let before = null;
    // The session is one for all windows: whoever works in another is not signed out here.
    const windows = new BroadcastChannel("portal-session");
    const tell = () => windows.postMessage(ends);
    const check = () => {
      const left = ends - Date.now();
      if (left <= 0) location.replace(ended);
      else {
        const show = left <= warning;
        if (idle.hidden === show) {
          idle.hidden = !show;
          // Nobody is moved out of a text that they are writing.
          if (show && !document.activeElement?.matches("input, textarea, select")) {
            before = document.activeElement;
            idle.querySelector("button").focus();
          }
        }
      }
    };
    windows.addEventListener("message", (event) => {
      ends = Math.max(ends, event.data);
      check();
    });
    tell();
    check();
    setInterval(check, 1000);
    idle.querySelector("button").addEventListener("click", async () => {
      try {
        const answer = await fetch("/session", { redirect: "error", cache: "no-store" });
        if (!answer.ok) throw new Error();
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        ends = Date.now() + Number(page.querySelector("[data-idle-seconds]").dataset.idleSeconds) * 1000;
        tell();
        check();
        before?.focus();
      } catch {
        location.replace(ended);
      }
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "true";
    // The page stays where the answer is a file, and is shown again by the back button.
    setTimeout(() => delete form.dataset.sent, 3000);
  });
})();
