// The pads of the chair. They are in the page already and need no server to open; what they record goes through the outbox.

import * as doubtpad from "./doubtpad.js";
import * as outbox from "./outbox.js";
import { QuickPad } from "./quickpad.js";
import { concern, wordsOf } from "./readings.js";

const UndoFor = 120000; // how long an undo is offered; later the log corrects
const Wait = 1500; // how long a pad stays open for the server's answer before it leaves the entry to the outbox
const Vitals = ["systolic", "diastolic", "heartRate", "oxygenSaturation"];

/** The grammar of the server's clinical numbers; null with a sentence when it is not one. */
function number(text) {
  const typed = text.trim();
  if (typed === "") return { problem: "Enter a number." };
  if (typed.includes(",")) return { problem: "Use a point for decimals, and no comma: write 1.5." };
  if (!/^[0-9.]+$/.test(typed)) return { problem: "Use only the digits 0 to 9 and one decimal point." };
  if (typed.startsWith(".")) return { problem: `Write a zero before the point: 0${typed}.` };
  if (!/^(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?$/.test(typed)) return { problem: "This is not a number as pumps show it: no leading zero, one point, digits after it." };
  return { value: Number(typed) };
}

/** What is too long to be kept, told at its field: nothing is cut. */
function tooLong(form) {
  return [...form.querySelectorAll("[data-longest]")]
    .filter((input) => input.value.trim().length > Number(input.dataset.longest))
    .map((input) => ({ field: input.closest("[data-field]").dataset.field, message: `Use at most ${input.dataset.longest} characters; there are ${input.value.trim().length}.` }));
}

class ChairRecorder extends HTMLElement {
  connectedCallback() {
    this.view = this.closest("live-view");
    this.possible = JSON.parse(this.dataset.possible);
    this.quick = new QuickPad(this);
    this.stopped = new AbortController();
    const on = (target, kind, act) => target.addEventListener(kind, act, { signal: this.stopped.signal });
    on(this.view, "click", (event) => this.click(event));
    on(this, "submit", (event) => { event.preventDefault(); this.save(event.target); });
    on(this, "input", (event) => this.typed(event.target));
    on(this.view, "shown", () => this.showActions());
    on(document, "outbox", (event) => this.showOutbox(event.detail));
    for (const button of this.view.querySelectorAll("[data-actions] button")) button.disabled = false;
    this.showActions();
    outbox.flush();
  }

  disconnectedCallback() {
    this.stopped.abort();
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const data = button.dataset;
    const form = button.closest("[data-pad-form]");
    if (this.quick.click(button)) return;
    if (data.undo) this.undo(button);
    else if (data.pad === "resume") this.record({ kind: "resumed" }, "resumed");
    else if (data.pad === "doubt" || data.doubt) this.openDoubt(data.doubt);
    else if (data.pad) this.open(data.pad);
    else if ("back" in data) this.close();
    else if (data.key) this.key(form, data.key);
    else if (data.value !== undefined && form) this.choose(button);
    else if (data.acknowledge) this.acknowledge(button);
    else if (data.pauseAudio) this.record({ kind: "audio_paused", seconds: Number(data.pauseAudio) }, "sound paused");
    else if (data.follow) this.record({ kind: "side_effect_followed", eventId: data.follow, grade: data.grade, outcome: "Resolved" }, "side effect resolved");
    else if ("release" in data) this.record({ kind: "monitor_released" }, "monitor released").then(() => this.close());
  }

  acknowledge(button) {
    button.disabled = true;
    delete button.closest("[data-alarm]").dataset.sound;
    this.record({ kind: "alarm_acknowledged", findingId: button.dataset.acknowledge }, "alarm acknowledged");
  }

  // Opening and closing

  open(pad, field = null) {
    this.sayUndo(null);
    for (const form of this.querySelectorAll("[data-pad-form]")) form.hidden = form.dataset.padForm !== pad;
    const form = this.querySelector(`[data-pad-form="${pad}"]`);
    if (form.reset) form.reset();
    this.questioned = null;
    for (const chosen of form.querySelectorAll("[aria-pressed='true']")) chosen.setAttribute("aria-pressed", "false");
    this.clear(form);
    this.view.classList.add("has-pad");
    this.view.classList.toggle("has-quick", pad === "quick");
    this.active = form.querySelector(field ? `[name="${field}"]` : "[data-kind='number']");
    this.mark(form);
    form.querySelector("h2").focus();
  }

  async openDoubt(tapped) {
    this.open("doubt");
    const kept = await outbox.all().catch(() => []);
    doubtpad.fill(this.querySelector("[data-pad-form=doubt]"), this.view, kept.filter((r) => r.visit === this.dataset.visit), tapped);
  }

  close(focus = "[data-actions] button:not([hidden])") {
    for (const form of this.querySelectorAll("[data-pad-form]")) form.hidden = true;
    this.view.classList.remove("has-pad", "has-quick");
    this.view.querySelector(focus)?.focus();
  }

  showActions() {
    const phase = this.view.querySelector("[data-phase]")?.dataset.phase;
    for (const action of this.view.querySelectorAll("[data-phases]")) action.hidden = !action.dataset.phases.split(" ").includes(phase);
  }

  /** Something else depresses this patient's breathing: each reading asks for sedation, too. */
  get watchesSedation() {
    return Boolean(this.view.querySelector("[data-sedation-watch]"));
  }

  // The number pad goes on by itself when a value is complete, so that no key is spent on it.

  key(form, key) {
    if (!this.active) return;
    if (key === "next") this.goOn(form);
    else if (key === "erase") this.active.value = this.active.value.slice(0, -1);
    else if (this.active.value.length < Number(this.active.dataset.longest)) {
      this.active.value += key;
      if (form.dataset.padForm === "reading" && this.isComplete(this.active)) this.goOn(form);
    }
    this.questioned = null;
    this.mark(form);
  }

  isComplete(input) {
    const range = this.possible[input.name];
    return input.value.length === 3 || Number(input.value) * 10 > range.high;
  }

  goOn(form) {
    const inputs = [...form.querySelectorAll("[data-kind='number']")];
    this.active = inputs[(inputs.indexOf(this.active) + 1) % inputs.length];
  }

  mark(form) {
    for (const slot of form.querySelectorAll(".slot")) slot.classList.toggle("is-active", slot.contains(this.active));
  }

  typed(input) {
    this.questioned = null;
    if (input.dataset.kind === "number") this.active = input;
  }

  choose(button) {
    const group = button.closest("[data-rating], [data-choice]");
    const was = button.getAttribute("aria-pressed") === "true";
    for (const other of group.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(!was)); // a second tap takes it back: not assessed is a value
    this.questioned = null;
    if (group.dataset.choice === "doubted") doubtpad.showParts(group.closest("[data-pad-form]"));
  }

  // Saving

  async save(form) {
    this.clear(form);
    const read = this.read(form);
    if (read.problems.length > 0) {
      this.refuse(form, read.problems);
      return;
    }
    const question = read.question;
    if (question && this.questioned !== question) {
      this.questioned = question;
      const asked = form.querySelector("[data-question]");
      asked.textContent = `${question} Save again to confirm, or correct it.`;
      asked.hidden = false;
      return;
    }
    const button = form.querySelector("[type=submit]");
    if (button.disabled) return; // a double tap is one entry
    button.disabled = true;
    try {
      const refused = ["observed", "reading_doubted"].includes(read.entry.kind) ? await this.recordReading(read.entry, read.words) : await this.offer(read.entry, read.words);
      if (refused) this.refuse(form, refused);
      else this.close();
    } finally {
      button.disabled = false;
    }
  }

  /** Records what a pad has put together; what the server refused, or nothing. A refused entry goes back to its pad. */
  async offer(entry, words, recorded = () => {}) {
    const outcome = await this.record(entry, words);
    if (!outcome.refused) {
      recorded(outcome);
      return null;
    }
    await outbox.remove(outcome.sequence);
    return outcome.refused;
  }

  /** The same for a reading and a doubt, which may be taken back at once. */
  recordReading(entry, words) {
    return this.offer(entry, words, ({ id, stored }) => this.sayUndo(`${stored ? "✓ Recorded" : "○ Kept on this device"}: ${words}`, id, words));
  }

  undo(button) {
    button.disabled = true;
    const { undo, words } = button.dataset;
    this.record({ kind: "amended", eventId: undo, reason: "Slip of the finger" }, `undo of ${words}`)
      .then(({ stored }) => this.sayUndo(`${stored ? "✓ Withdrawn" : "○ To be withdrawn"}: ${words}. Both stay in the log.`));
  }

  sayUndo(text, id = null, words = "") {
    const bar = this.view.querySelector("[data-undo-bar]");
    clearTimeout(this.undoEnds);
    bar.replaceChildren();
    bar.hidden = text === null;
    if (text === null) return;
    bar.append(Object.assign(document.createElement("span"), { textContent: text }));
    if (id) {
      const undo = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
      Object.assign(undo.dataset, { undo: id, words });
      bar.append(undo);
    }
    this.undoEnds = setTimeout(() => this.sayUndo(null), UndoFor);
  }

  /** A value that this person has tapped already, on the digit pad. */
  put(field, value) {
    const input = this.querySelector(`[data-pad-form=reading] [name="${field}"]`);
    if (input) input.value = value;
    else this.querySelector(`[data-rating="${field}"] [data-value="${value}"]`)?.setAttribute("aria-pressed", "true");
  }

  /** Resolves with the server's answer, or with the entry's id alone when the server takes its time: the entry is safe on the device then. */
  async record(entry, words) {
    const { id, answer } = await outbox.add(this.dataset.visit, this.dataset.author, entry, words);
    const outcome = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, Wait))]);
    answer.then(() => this.view.look());
    return { id, ...outcome };
  }

  read(form) {
    const problems = tooLong(form);
    if (problems.length > 0) return { problems };
    const text = (name) => form.querySelector(`[name="${name}"]`).value.trim();
    const chosen = (name, message) => {
      const button = form.querySelector(`[data-choice="${name}"] [aria-pressed="true"]`);
      if (!button && message) problems.push({ field: name, message });
      return button;
    };
    const rate = (name) => {
      const { value, problem } = number(text(name));
      if (problem) problems.push({ field: "rate", message: problem });
      return value;
    };
    const reason = (name) => (text(name) ? { reason: text(name) } : {});
    const kinds = {
      reading: () => this.readings(form, problems),
      rate: () => ({ entry: { kind: "rate_changed", "mL/h": rate("newRate"), ...reason("rateReason") }, words: `rate ${text("newRate")} mL/h` }),
      pause: () => ({ entry: { kind: "paused", ...reason("pauseReason") }, words: "paused" }),
      stop: () => ({ entry: { kind: "stopped", ...reason("stopReason") }, words: "stopped" }),
      note: () => {
        if (!text("text")) problems.push({ field: "text", message: "This is needed." });
        return { entry: { kind: "noted", text: text("text") }, words: text("text") };
      },
      effect: () => this.effect(problems, chosen, text),
      drug: () => {
        const { value, problem } = number(text("drugAmount"));
        if (problem) problems.push({ field: "amount", message: problem });
        for (const [field, name] of [["drug", "drugName"], ["orderedBy", "orderedBy"]]) if (!text(name)) problems.push({ field, message: "This is needed." });
        const unit = chosen("unit", "Choose a unit.")?.dataset.value;
        const route = chosen("route", "Choose a route.")?.dataset.value;
        return { entry: { kind: "rescue_drug", drug: text("drugName"), amount: value, unit, route, orderedBy: text("orderedBy") }, words: `${text("drugName")} ${text("drugAmount")} ${unit} ${route}` };
      },
      doubt: () => doubtpad.read(form, problems),
      monitor: () => ({ entry: { kind: "monitor_confirmed", deviceId: form.dataset.device, periodSeconds: Number(form.dataset.period) }, words: "monitor confirmed" }),
    };
    return { problems, ...kinds[form.dataset.padForm]() };
  }

  readings(form, problems) {
    const readings = {};
    for (const field of Vitals) {
      const typed = form.querySelector(`[name="${field}"]`).value.trim();
      if (typed === "") continue;
      const { low, high, unit } = this.possible[field];
      const { value, problem } = number(typed);
      if (problem) problems.push({ field, message: problem });
      else if (!Number.isInteger(value)) problems.push({ field, message: "Use a whole number." });
      else if (value < low || value > high) problems.push({ field, message: `${typed} is not possible here. Enter ${low} to ${high} ${unit}.` });
      else readings[field] = value;
    }
    for (const button of form.querySelectorAll("[data-rating] [aria-pressed='true']")) readings[button.closest("[data-rating]").dataset.rating] = JSON.parse(button.dataset.value);
    if (problems.length === 0 && Object.keys(readings).length === 0) problems.push({ field: "", message: "Record at least one value." });
    if (problems.length === 0 && (readings.systolic === undefined) !== (readings.diastolic === undefined)) {
      problems.push({ field: readings.systolic === undefined ? "systolic" : "diastolic", message: "A blood pressure has two numbers. Enter both, or none." });
    }
    if (readings.diastolic >= readings.systolic) problems.push({ field: "diastolic", message: "The diastolic pressure must be below the systolic one." });
    return { entry: { kind: "observed", readings }, words: `reading ${wordsOf(readings)}`, question: [concern(readings), this.watchesSedation && readings.sedation === undefined && "Sedation is not rated, and this patient is watched for it."].filter(Boolean).join(" ") };
  }

  effect(problems, chosen, text) {
    const known = chosen("effect");
    const name = text("effectOther") || known?.dataset.value;
    if (!name) problems.push({ field: "effect", message: "Choose what it is, or type it." });
    const grade = chosen("grade", "Choose how bad it is.")?.dataset.value;
    const minutes = chosen("onset", "Choose since when.")?.dataset.value;
    const outcome = chosen("outcome", "Choose how it stands.")?.dataset.value;
    const sign = text("effectOther") ? undefined : known?.dataset.sign;
    const action = text("effectAction");
    return {
      entry: { kind: "side_effect", effect: name, ...(sign ? { sign } : {}), grade, ...(action ? { action } : {}), outcome, onsetMinutesBefore: Number(minutes ?? 0) },
      words: `side effect ${name}, ${grade}`,
    };
  }

  // What is wrong stands at its field; what belongs to no field stands at the head of the pad.

  refuse(form, problems) {
    const nowhere = [];
    for (const { field, message } of problems) {
      const slot = field && form.querySelector(`[data-field="${field}"]`);
      const place = slot?.querySelector(".problem") ?? (field && form.querySelector(`#${field}-problem`));
      if (!place) {
        nowhere.push(message);
        continue;
      }
      place.textContent = message;
      place.hidden = false;
      slot?.classList.add("has-problem");
      const input = slot?.querySelector("input, textarea");
      input?.setAttribute("aria-invalid", "true");
      input?.setAttribute("aria-describedby", place.id);
    }
    const refused = form.querySelector("[data-refused]");
    refused.textContent = `▲ Not saved. ${nowhere.length ? nowhere.join(" ") : "See the marked fields."}`;
    refused.hidden = false;
    this.questioned = null;
  }

  clear(form) {
    for (const place of form.querySelectorAll(".problem, [data-question], [data-refused]")) place.hidden = true;
    for (const slot of form.querySelectorAll(".has-problem")) slot.classList.remove("has-problem");
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }

  // What is not saved yet, and what the server refused

  showOutbox({ records, problem }) {
    const box = this.querySelector("[data-outbox]");
    const mine = records.filter((r) => r.visit === this.dataset.visit);
    box.hidden = mine.length === 0 && problem !== "storage";
    const list = document.createElement("ul");
    for (const record of mine) {
      const line = document.createElement("li");
      const when = new Date(record.observedAt).toTimeString().slice(0, 5);
      const why = record.refused ? `not accepted: ${record.refused.map((e) => e.message).join(" ")}` : problem === "other-author" && record.author !== this.dataset.author ? "waits for the person who recorded it to sign in here" : "not saved yet";
      line.append(Object.assign(document.createElement("span"), { textContent: `${record.refused ? "▲" : "○"} ${when} ${record.words} (${why})` }));
      if (record.refused) {
        const keep = Object.assign(document.createElement("button"), { type: "button", textContent: "Keep as a note" });
        const drop = Object.assign(document.createElement("button"), { type: "button", textContent: "Discard" });
        keep.onclick = () => outbox.keepAsNote(record);
        drop.onclick = () => outbox.remove(record.sequence);
        line.append(keep, drop);
      }
      list.append(line);
    }
    const head = Object.assign(document.createElement("p"), {
      textContent: problem === "storage" ? "▲ This browser keeps nothing on the device. Do not record here while the server is away." : problem === "signed-out" ? "Signed out: sign in again on this device to save." : "Kept on this device:",
    });
    box.replaceChildren(head, list);
  }
}

customElements.define("chair-recorder", ChairRecorder);
