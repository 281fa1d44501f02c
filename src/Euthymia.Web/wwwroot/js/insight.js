// Keeps the screen of a running visit awake where the browser offers it, and tells a person who comes back that the page was out of
// sight meanwhile: browsers slow a hidden page down and may hold its sound back. What nobody saw anywhere is an alarm of the server's.

const Worth = 5000; // milliseconds out of sight that are told: a glance at another tab is not

const time = (date) => date.toTimeString().slice(0, 8);

export class InSight {
  constructor(view) {
    this.view = view;
    this.title = document.title;
    this.stopped = new AbortController();
    document.addEventListener("visibilitychange", () => this.turned(), { signal: this.stopped.signal });
    this.turned();
  }

  get isRunning() {
    return Boolean(this.view.querySelector("[data-phase='Running']"));
  }

  end() {
    this.stopped.abort();
    this.release();
    document.title = this.title;
  }

  tick() {
    if (this.isRunning && !document.hidden) this.keepAwake();
    else if (!this.isRunning) this.release();
  }

  // Browsers let go of the lock whenever the page is hidden; it is taken anew when the page is seen again.
  async keepAwake() {
    if (this.lock || this.asking || !navigator.wakeLock) return;
    this.asking = true;
    try {
      this.lock = await navigator.wakeLock.request("screen");
      this.lock.addEventListener("release", () => { this.lock = null; });
      this.view.dataset.awake = "true";
      if (this.stopped.signal.aborted) this.release();
    } catch {
      this.view.dataset.awake = "false"; // low battery, or not allowed: the page goes on without
      await new Promise((resolve) => setTimeout(resolve, 60000)); // and asks again in a while
    } finally {
      this.asking = false;
    }
  }

  release() {
    this.lock?.release().catch(() => {});
    this.lock = null;
    delete this.view.dataset.awake;
  }

  turned() {
    if (document.hidden) {
      this.hiddenAt ??= this.isRunning ? Date.now() : null;
      if (this.isRunning) document.title = "▲ Infusion running: bring this page to the front";
      return;
    }
    document.title = this.title;
    const since = this.hiddenAt;
    this.hiddenAt = null;
    if (since && Date.now() - since >= Worth) this.say(new Date(since), new Date());
  }

  say(from, to) {
    const note = this.view.querySelector("[data-hidden-note]");
    if (!note) return;
    const seen = Object.assign(document.createElement("button"), { type: "button", textContent: "Seen" });
    seen.onclick = () => { note.hidden = true; };
    note.replaceChildren(Object.assign(document.createElement("span"), { textContent: `△ This page was out of sight from ${time(from)} to ${time(to)} while the infusion ran. Look at the patient and at the alarms; keep the page in front.` }), seen);
    note.hidden = false;
  }
}
