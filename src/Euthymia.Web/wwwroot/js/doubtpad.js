// The pad that doubts a reading: which one, which of its values, why.

const Most = 6; // readings to choose from; an older one is doubted from its line in the log
const Parts = {
  Pressure: "systolic", HeartRate: "heartRate", OxygenSaturation: "oxygenSaturation", RespiratoryRate: "respiratoryRate",
  Sedation: "sedation", Dissociation: "dissociation", Nausea: "nausea", Dizziness: "dizziness",
};

const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);

/** The last readings as buttons, newest first: those that wait on this device, then those of the log. The one that was tapped in the log is chosen. */
export function fill(form, view, waiting, tapped) {
  const unsent = waiting.filter((r) => r.entry.kind === "observed" && !r.refused).reverse().map((r) => ({
    id: r.id, parts: Object.keys(Parts).filter((p) => Parts[p] in r.entry.readings).join(" "), words: `${clock(r.observedAt)} ${r.words}`, after: ", not saved yet",
  }));
  const stored = [...view.querySelectorAll("[data-doubt]")].map(({ dataset }) => ({ id: dataset.doubt, parts: dataset.parts, words: dataset.words }));
  const readings = [...unsent, ...stored.filter((s) => !unsent.some((u) => u.id === s.id))];
  const shown = readings.filter((r, i) => i < Most || r.id === tapped);
  form.querySelector("[data-doubt-readings]").replaceChildren(...shown.map(({ id, parts, words, after = "" }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words + after });
    button.dataset.value = id;
    button.dataset.parts = parts;
    button.dataset.words = words;
    button.setAttribute("aria-pressed", String(id === tapped));
    return button;
  }), ...(shown.length ? [] : [Object.assign(document.createElement("p"), { textContent: "There is no reading yet." })]));
  showParts(form);
}

const chosenOf = (form, name) => form.querySelector(`[data-choice="${name}"] [aria-pressed="true"]`);

/** Only what was measured can be doubted by itself. */
export function showParts(form) {
  const measured = chosenOf(form, "doubted")?.dataset.parts.split(" ") ?? [];
  for (const button of form.querySelectorAll("[data-doubt-parts] button")) {
    button.hidden = button.dataset.value !== "" && !measured.includes(button.dataset.value);
    if (button.hidden) button.setAttribute("aria-pressed", "false");
  }
}

/** The entry, or what is missing at its field. */
export function read(form, problems) {
  const needed = { doubted: ["reading", "Choose the reading."], doubtPart: ["part", "Choose the value, or the whole set."], doubtCause: ["cause", "Choose why it is doubted."] };
  const [reading, part, cause] = Object.entries(needed).map(([name, [field, message]]) => {
    const button = chosenOf(form, name);
    if (!button) problems.push({ field, message });
    return button;
  });
  const words = form.querySelector("[name=doubtWords]").value.trim();
  if (cause?.dataset.value === "Other" && !words) problems.push({ field: "words", message: "Say in words why it is doubted." });
  if (problems.length) return {};
  return {
    entry: { kind: "reading_doubted", eventId: reading.dataset.value, ...(part.dataset.value ? { part: part.dataset.value } : {}), cause: cause.dataset.value, ...(words ? { words } : {}) },
    words: `doubted ${part.textContent}, ${words || cause.textContent} (${reading.dataset.words})`,
  };
}
