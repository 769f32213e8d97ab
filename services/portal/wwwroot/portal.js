// Pages work without it. It keeps lists up to date, warns before the session ends, and sends a form once.
(() => {
  "use strict";
  const background = { headers: { "Portal-Background": "true" }, redirect: "error", cache: "no-store" };

  const live = document.querySelector("[data-live]");
  if (live && live.dataset.liveSeconds) {
    const said = document.querySelector("[data-live-said]");
    const seconds = Number(live.dataset.liveSeconds);
    let mark = live.dataset.liveMark;
    const update = async () => {
      if (document.hidden) return true;
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
      // Whoever reads by keyboard would lose their place.
      if (live.contains(document.activeElement)) return true;
      mark = found.dataset.liveMark;
      live.replaceChildren(...found.childNodes);
      if (said) said.textContent = live.dataset.liveWords;
      return true;
    };
    const again = async () => {
      let goesOn = false;
      try {
        goesOn = await update();
      } catch {
        // The session has ended, or nothing answers.
      }
      if (goesOn) {
        setTimeout(again, seconds * 1000);
      } else {
        const stopped = document.querySelector("[data-live-stopped]");
        if (stopped) stopped.hidden = false;
      }
    };
    setTimeout(again, seconds * 1000);
  }

  const idle = document.querySelector("[data-idle-seconds]");
  if (idle) {
    const all = Number(idle.dataset.idleSeconds) * 1000;
    const warning = Number(idle.dataset.idleWarningSeconds) * 1000;
    let since = Date.now();
    const check = () => {
      const left = since + all - Date.now();
      if (left <= 0) location.replace("/session-ended");
      else {
        const show = left <= warning;
        if (idle.hidden === show) {
          idle.hidden = !show;
          if (show) idle.querySelector("button").focus();
        }
      }
    };
    setInterval(check, 1000);
    idle.querySelector("button").addEventListener("click", async () => {
      try {
        const answer = await fetch("/session", { redirect: "error", cache: "no-store" });
        if (!answer.ok) throw new Error();
        since = Date.now();
        check();
      } catch {
        location.replace("/session-ended");
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
