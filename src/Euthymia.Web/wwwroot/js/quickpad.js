// A reading by tapping what the monitor shows, with gloves: tens first, then cells that each show a whole value; the cell records it.
// Nothing is typed and nothing is filled in. What cannot be is not offered; what is rare is typed on the digit pad.

import { concern, wordsOf } from "./readings.js";

// Fourteen columns of 48 px do not fit a phone: there a blood pressure is typed. The same width as in chair.css.
const phone = matchMedia("(max-width: 48rem)");

// The tens of a blood pressure that fit a tablet with cells for a gloved finger. Outside them "Type it" leads to the digit pad.
const Tens = { systolic: [8, 21], diastolic: [3, 12] };
const DirectSaturation = 85; // from here up a saturation is one touch
const Columns = 6;

const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
const inRows = (cells, width) => range(0, Math.ceil(cells.length / width) - 1).map((i) => ({ cells: cells.slice(i * width, (i + 1) * width), width }));

/** The tens within which a value can be, of those asked for. */
const tensOf = ({ low, high }, [from, to] = [0, 99]) => range(from, to).filter((t) => t * 10 + 9 >= low && t * 10 <= high);
const valuesOf = (tens, { low, high }) => range(tens * 10, tens * 10 + 9).filter((v) => v >= low && v <= high);

/** Each kind of reading: its title, the tens (or direct values) to begin with, and the values of one of the tens. */
const Kinds = {
  pressure: {
    title: "Blood pressure", field: "systolic", hint: "Across the systolic tens, down the diastolic tens.",
    first: (possible) => {
      const systolic = tensOf(possible.systolic, Tens.systolic);
      return {
        columns: systolic.map((s) => `${s}_`),
        rows: tensOf(possible.diastolic, Tens.diastolic).map((d) => ({
          heading: `${d}_`,
          cells: systolic.map((s) => (d > s ? null : { label: `${s}_ /\n${d}_`, name: `Systolic ${s}0 to ${s}9, diastolic ${d}0 to ${d}9`, tens: { s, d } })),
        })),
      };
    },
    second: ({ s, d }, possible) => {
      const systolic = valuesOf(s, possible.systolic);
      return {
        hint: `${s}_ / ${d}_ mmHg: which exactly?`,
        columns: systolic.map(String),
        rows: valuesOf(d, possible.diastolic).map((dia) => ({
          heading: String(dia),
          cells: systolic.map((sys) => (dia >= sys ? null : { label: `${sys}/${dia}`, name: `${sys} over ${dia} mmHg`, readings: { systolic: sys, diastolic: dia } })),
        })).filter((row) => row.cells.some(Boolean)),
      };
    },
  },
  heartRate: {
    title: "Heart rate", field: "heartRate", hint: "Beats per minute: which tens?",
    first: ({ heartRate }) => ({ rows: inRows(tensOf(heartRate).map((t) => tensCell(t, valuesOf(t, heartRate), beats, "per minute")), Columns) }),
    second: (tens, { heartRate }) => ({ hint: "Beats per minute: which exactly?", rows: inRows(valuesOf(tens, heartRate).map(beats), 5) }),
  },
  oxygenSaturation: {
    title: "SpO2", field: "oxygenSaturation", hint: `Percent. Below ${DirectSaturation} by tens.`,
    first: ({ oxygenSaturation }) => ({
      rows: inRows([
        ...range(DirectSaturation, oxygenSaturation.high).reverse().map(saturation),
        ...tensOf(below(oxygenSaturation)).reverse().map((t) => tensCell(t, valuesOf(t, below(oxygenSaturation)), saturation, "percent")),
      ], Columns),
    }),
    second: (tens, { oxygenSaturation }) => ({ hint: "Percent: which exactly?", rows: inRows(valuesOf(tens, below(oxygenSaturation)).map(saturation), 5) }),
  },
  sedation: {
    title: "Sedation", field: "sedation", hint: "MOAA/S: 5 awake, 0 no response.",
    first: ({ sedation }) => ({ rows: inRows(range(sedation.low, sedation.high).reverse().map((v) => ({ label: String(v), name: `Sedation ${v}`, readings: { sedation: v } })), Columns) }),
  },
};

function beats(value) {
  return { label: String(value), name: `${value} per minute`, readings: { heartRate: value } };
}

function saturation(value) {
  return { label: String(value), name: `${value} percent`, readings: { oxygenSaturation: value } };
}

/** The part of the saturations that is not shown directly. */
function below({ low }) {
  return { low, high: DirectSaturation - 1 };
}

/** One cell for ten values; where only one of them can be, that value itself. */
function tensCell(tens, values, one, unit) {
  const words = `${values[0]} to ${values.at(-1)}`;
  return values.length === 1 ? one(values[0]) : { label: words, name: `${words} ${unit}`, tens };
}

const element = (role, className, text = "") => {
  const made = document.createElement("div");
  made.setAttribute("role", role);
  made.className = className;
  made.textContent = text;
  return made;
};

export class QuickPad {
  constructor(chair) {
    this.chair = chair;
    this.pad = chair.querySelector("[data-pad-form=quick]");
    this.grid = this.pad.querySelector("[data-quick-grid]");
    this.pad.addEventListener("keydown", (event) => this.keyed(event));
  }

  /** Opens the pad for one reading, or for "set": all that the schedule asks for, one after the other, recorded together. */
  open(kind) {
    if (phone.matches && (kind === "pressure" || kind === "set")) {
      this.chair.open("reading", "systolic");
      return;
    }
    const alone = kind === "sedation" || !this.chair.watchesSedation;
    this.kinds = kind === "set" ? Object.keys(Kinds) : alone ? [kind] : [kind, "sedation"];
    this.trail = []; // for Back, one step at a time
    this.now = { at: 0, tens: null, readings: {} };
    this.saving = false;
    this.chair.open("quick");
    this.show();
  }

  /** True when the tap was one of this pad's. */
  click(button) {
    const { quick, quickStep } = button.dataset;
    if (quick) this.open(quick);
    else if (button.cell) this.choose(button);
    else if (quickStep === "back") this.back();
    else if (quickStep === "skip") this.next({});
    else if (quickStep === "type") this.type();
    else return false;
    return true;
  }

  get kind() {
    return Kinds[this.kinds[this.now.at]];
  }

  choose(button) {
    const { tens, readings } = button.cell;
    if (readings === undefined) {
      this.go({ ...this.now, tens });
      return;
    }
    const question = concern(readings);
    if (question && this.asked !== button) {
      this.asked?.classList.remove("is-asked");
      this.asked = button;
      button.classList.add("is-asked");
      this.say("question", `▲ ${question} Tap ${button.cell.label} again to confirm.`);
      return;
    }
    this.next(readings);
  }

  next(readings) {
    const all = { ...this.now.readings, ...readings };
    if (this.now.at + 1 < this.kinds.length) this.go({ at: this.now.at + 1, tens: null, readings: all });
    else this.save(all);
  }

  go(step) {
    this.trail.push(this.now);
    this.now = step;
    this.show();
  }

  back() {
    if (this.trail.length === 0) {
      this.chair.close();
      return;
    }
    this.now = this.trail.pop();
    this.show();
  }

  /** The digit pad, at the field that was asked for, with what this person has just tapped. */
  type() {
    const { readings } = this.now;
    this.chair.open("reading", this.kind.field);
    for (const [field, value] of Object.entries(readings)) this.chair.put(field, value);
  }

  async save(readings) {
    if (this.saving) return; // a double tap is one entry
    if (Object.keys(readings).length === 0) {
      this.chair.close();
      return;
    }
    this.saving = true;
    try {
      const refused = await this.chair.recordReading({ kind: "observed", readings }, `reading ${wordsOf(readings)}`);
      if (refused) this.say("refused", `▲ Not saved. ${refused.map((e) => e.message).join(" ")}`);
      else this.chair.close(`#take-${this.kinds.length > 2 ? "set" : Kinds[this.kinds[0]].field}`);
    } finally {
      this.saving = false;
    }
  }

  // What is shown

  show() {
    const { kind } = this;
    const step = this.now.tens === null ? kind.first(this.chair.possible) : kind.second(this.now.tens, this.chair.possible);
    const place = this.kinds.length > 1 ? ` ${this.now.at + 1} of ${this.kinds.length}` : "";
    this.asked = null;
    this.pad.querySelector("h2").textContent = kind.title + place;
    this.say("hint", step.hint ?? kind.hint);
    this.pad.querySelector("[data-quick-step=skip]").hidden = this.kinds.length === 1;
    this.pad.querySelector("[data-quick-step=type]").hidden = kind !== Kinds.pressure; // of the others every value is here
    this.grid.className = `quick-grid${step.columns ? " has-headings" : ""}`;
    this.grid.replaceChildren(...(step.columns ? [headingsOf(step.columns)] : []), ...step.rows.map(rowOf));
    const cells = this.cells;
    cells[Math.floor(cells.length / 2)].tabIndex = 0; // somewhere in the middle: the arrows have the shortest way from there
    this.pad.querySelector("h2").focus();
  }

  /** One of the three sentences of the head, in one and the same place, so that no cell moves under the finger. */
  say(which, text) {
    for (const line of ["hint", "question", "refused"]) {
      const place = this.pad.querySelector(`[data-${line}]`);
      place.hidden = line !== which;
      if (line === which) place.textContent = text;
    }
  }

  // By keyboard the grid is one stop; the arrows move within it.

  get cells() {
    return [...this.grid.querySelectorAll("button")];
  }

  keyed(event) {
    if (event.key === "Escape") this.back();
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const from = this.grid.querySelector("button[tabindex='0']");
    let to = null;
    if (event.key in steps) to = from === document.activeElement ? this.beside(from, ...steps[event.key]) : from;
    else if (event.key === "Home" || event.key === "End") to = [...from.closest("[role=row]").querySelectorAll("button")].at(event.key === "Home" ? 0 : -1);
    if (!to) return;
    event.preventDefault();
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  /** The next cell in a direction; where one is missing the way goes on behind it. */
  beside(button, down, right) {
    const rows = [...this.grid.querySelectorAll("[data-cells]")].map((row) => [...row.querySelectorAll("[role=gridcell]")]);
    let y = rows.findIndex((row) => row.includes(button.parentElement));
    let x = rows[y].indexOf(button.parentElement);
    do {
      y += down;
      x += right;
      const next = rows[y]?.[x];
      if (!next) return button;
      if (next.firstChild) return next.firstChild;
    } while (true);
  }
}

function headingsOf(columns) {
  const row = element("row", "quick-row");
  row.append(element("gridcell", "quick-corner"), ...columns.map((c) => element("columnheader", "", c)));
  return row;
}

function rowOf({ heading, cells, width }) {
  const row = element("row", "quick-row");
  row.dataset.cells = "";
  if (heading) row.append(element("rowheader", "", heading));
  const missing = Array(Math.max(0, (width ?? cells.length) - cells.length)).fill(null);
  row.append(...[...cells, ...missing].map((cell) => {
    const place = element("gridcell", "");
    if (cell) {
      const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, cell });
      const seen = Object.assign(document.createElement("span"), { textContent: cell.label });
      seen.setAttribute("aria-hidden", "true"); // "135/82" is read out as a fraction or a date
      button.append(seen, Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: cell.name }));
      place.append(button);
    }
    return place;
  }));
  return row;
}
