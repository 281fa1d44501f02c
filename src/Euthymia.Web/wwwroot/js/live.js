// Keeps the chair and the room current without a live circuit, and says at once when it cannot: a page that has lost its server
// says so within five seconds, ages go on counting, and no value older than its limit looks current. Makes the alarms heard.

import { setServerTime, now } from "./outbox.js";
import { InSight } from "./insight.js";

const Silence = 4000; // no answer for so long: the connection counts as lost
const GiveUp = 2500; // one request waits for so long
const Beat = 250;
const Ahead = 120; // seconds: a value from further in the future is of a clock that was set back, and not current

/** Seconds since a moment, by whichever clock has run further: one stands still while the machine sleeps, the other may be set. */
class Since {
  constructor() {
    this.monotonic = performance.now();
    this.wall = Date.now();
  }

  get milliseconds() {
    return Math.max(performance.now() - this.monotonic, Date.now() - this.wall);
  }
}

const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
};

const age = (seconds) => {
  if (seconds < 60) return "just now";
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 100 ? `${minutes} min ago` : minutes < 2880 ? `${Math.round(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} days ago`;
};

const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const limited = (element, value) => Math.min(value, Number(element.dataset.max ?? Infinity));

const counters = {
  up: (element, value, seconds) => put(element, clock(limited(element, value + seconds))),
  down: (element, value, seconds) => put(element, clock(Math.max(0, value - seconds))),
  dose: (element, value, seconds) => put(element, limited(element, value + (Number(element.dataset.perHour) * seconds) / 3600).toFixed(1)),
  "dose-left": (element, value, seconds) => put(element, Math.max(0, value - (Number(element.dataset.perHour) * seconds) / 3600).toFixed(1)),
  progress: (element, value, seconds) => { element.value = limited(element, value + (Number(element.dataset.perHour) * seconds) / 3600); },
  due: (element, value, seconds) => {
    const left = value - seconds;
    put(element, `${left < 0 ? "▲ " : ""}${clock(Math.abs(left))}`);
    const words = element.closest("[data-due]")?.querySelector("[data-due-words]");
    if (left < 0 && words && words.textContent === "to go") put(words, "due now");
  },
};

class LiveView extends HTMLElement {
  connectedCallback() {
    this.stopped = new AbortController();
    this.shown = new Since();
    this.heard = new Since();
    this.answered = false;
    const said = this.querySelector("[data-now]")?.dataset.now;
    if (said) setServerTime(Number(said));
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-sound-switch]")) sound.toggle();
    }, { signal: this.stopped.signal });
    this.addEventListener("look", () => this.look(), { signal: this.stopped.signal });
    document.addEventListener("outbox", (event) => { this.outbox = event.detail; this.sayLink(); }, { signal: this.stopped.signal });
    this.inSight = new InSight(this);
    this.beat = setInterval(() => this.tick(), Beat);
    this.ask();
  }

  disconnectedCallback() {
    this.stopped.abort();
    clearInterval(this.beat);
    this.inSight.end();
    clearTimeout(this.next);
  }

  /** Asks now and not at the next turn. */
  look() {
    clearTimeout(this.next);
    if (!this.asking) this.ask();
    else this.again = true;
  }

  async ask() {
    this.asking = true;
    const asked = new Since();
    try {
      const response = await fetch(`${this.dataset.src}?seen=${encodeURIComponent(this.seen ?? "")}`, {
        headers: { "X-Opened": this.dataset.opened, "X-Hidden": String(document.hidden) },
        signal: AbortSignal.any([AbortSignal.timeout(GiveUp), this.stopped.signal]),
        redirect: "manual",
      });
      this.signedOut = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
      if (response.ok) {
        const text = response.status === 200 ? await response.text() : null;
        if (asked.milliseconds > GiveUp) throw new Error("The page slept meanwhile: what the answer says is over.");
        this.heard = new Since();
        this.heardAt = now();
        this.answered = true;
        setServerTime(Number(response.headers.get("X-Now")));
        if (text !== null) {
          this.seen = response.headers.get("X-Seen");
          this.show(text);
        }
      }
    } catch {
      // No answer: the beat says so when it has lasted.
      this.again ||= asked.milliseconds > 2 * GiveUp; // it was asleep, and asks at once
    }
    this.asking = false;
    if (this.stopped.signal.aborted) return;
    this.next = setTimeout(() => this.ask(), this.again ? 0 : Number(this.dataset.every));
    this.again = false;
  }

  show(html) {
    const target = this.querySelector("[data-live]");
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const focused = target.contains(document.activeElement) ? document.activeElement.id : null;
    const open = [...target.querySelectorAll("details[open]")].map((d) => d.id);
    const log = target.querySelector(".chair-log ol")?.scrollTop;
    target.replaceChildren(...fresh.childNodes);
    this.shown = new Since();
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus();
    if (log) target.querySelector(".chair-log ol").scrollTop = log;
    this.tick();
    this.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  get isLost() {
    return this.signedOut || this.heard.milliseconds > Silence;
  }

  tick() {
    const seconds = this.shown.milliseconds / 1000;
    for (const element of this.querySelectorAll("[data-count]")) counters[element.dataset.count]?.(element, Number(element.dataset.value), seconds);
    for (const element of this.querySelectorAll("[data-age]")) {
      const old = Number(element.dataset.age) + seconds;
      const limit = element.closest("[data-limit]");
      const isOld = limit && (old > Number(limit.dataset.limit) || old < -Ahead);
      put(element, age(old) + (isOld ? ", old" : ""));
      limit?.classList.toggle("is-old", Boolean(isOld));
    }
    this.sayLink();
    this.inSight.tick();
    sound.play(this.querySelector('[data-sound="high"]') ? "high" : this.querySelector('[data-sound="medium"]') ? "medium" : this.isLost ? "lost" : null);
    const button = this.querySelector("[data-sound-switch]");
    if (button) put(button, sound.isOn ? "Sound on" : "Sound off: switch on");
  }

  sayLink() {
    const waiting = this.outbox?.records.filter((r) => !r.refused).length ?? 0;
    const kept = waiting === 0 ? "" : waiting === 1 ? "1 entry kept on this device" : `${waiting} entries kept on this device`;
    const link = this.querySelector("[data-link]");
    const cut = this.querySelector("[data-cut]");
    const lost = this.isLost;
    if (link) {
      link.dataset.state = lost ? "lost" : waiting ? "waiting" : "connected";
      put(link.querySelector("[data-link-words]"), lost ? "▲ no connection" : !this.answered ? "connecting" : waiting ? `○ saving: ${kept}` : "● connected · all saved");
    }
    this.classList.toggle("is-lost", lost);
    if (!cut) return;
    cut.hidden = !lost;
    const since = this.heardAt ? ` since ${this.heardAt.toTimeString().slice(0, 8)}` : "";
    put(cut, !lost ? "" : this.signedOut
      ? `▲ Signed out. ${kept ? `${kept}: sign in again on this device to save. ` : ""}What you see is not current.`
      : `▲ No connection to the server${since}. What you see is not current; times and dose are counted on here. ${this.querySelector("chair-recorder") ? "Go on recording: it is kept on this device and saved later." : ""} ${kept}`);
  }
}

const High = [0, 0.2, 0.4, 0.8, 1.0, 1.9, 2.1, 2.3, 2.7, 2.9]; // seconds

/** Bursts in the manner of IEC 60601-1-8: ten pulses for high priority, three for medium, one low one for a lost connection. */
const sound = {
  context: null,
  last: { kind: null, at: 0 },

  get isOn() {
    return this.context?.state === "running";
  },

  async toggle() {
    if (this.isOn) {
      await this.context.suspend();
      return;
    }
    await this.on();
    this.burst([0], 523, 0.12); // the test tone
  },

  async on() {
    this.context ??= new AudioContext();
    await this.context.resume();
  },

  /** The alarm of high priority once, for somebody to say that it was heard. */
  async test() {
    await this.on();
    this.burst(High, 880, 0.14);
  },

  play(kind) {
    const every = { high: 5000, medium: 12000, lost: 20000 }[kind];
    if (!every || !this.isOn) {
      if (!kind) this.last = { kind: null, at: 0 };
      return;
    }
    if (kind === this.last.kind && performance.now() - this.last.at < every) return;
    this.last = { kind, at: performance.now() };
    if (kind === "high") this.burst(High, 880, 0.14);
    else if (kind === "medium") this.burst([0, 0.35, 0.7], 660, 0.2);
    else this.burst([0, 0.3], 330, 0.2);
  },

  burst(starts, hertz, length) {
    for (const start of starts) {
      const at = this.context.currentTime + start;
      const gain = this.context.createGain();
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.4, at + 0.02);
      gain.gain.setValueAtTime(0.4, at + length - 0.02);
      gain.gain.linearRampToValueAtTime(0, at + length);
      gain.connect(this.context.destination);
      for (const harmonic of [1, 2, 3, 4]) {
        const tone = new OscillatorNode(this.context, { frequency: hertz * harmonic });
        const share = new GainNode(this.context, { gain: 1 / (2 * harmonic) });
        tone.connect(share).connect(gain);
        tone.start(at);
        tone.stop(at + length);
      }
    }
  },
};

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const view of document.querySelectorAll("live-view")) view.look();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const view of document.querySelectorAll("live-view")) view.look();
});
// Any first touch may switch the sound on: browsers allow none before it.
document.addEventListener("pointerdown", () => {
  if (document.querySelector("live-view") && !sound.context) sound.toggle().catch(() => {});
}, { once: true });

/** A button that plays the alarm, so that somebody can say before the start that it is heard. Without script it is not there. */
class SoundTest extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.onclick = () => sound.test().catch(() => {});
  }
}

customElements.define("live-view", LiveView);
customElements.define("sound-test", SoundTest);
