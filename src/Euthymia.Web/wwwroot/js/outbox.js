// What a nurse records waits here, on the device, until the server has stored it. It is sent as often as it takes; the id that
// is made here lets the server store it once. It holds what was recorded, the visit's id and the author's account, no name.

const Retry = 2000;
const Patience = 8000;
let serverAhead = 0; // milliseconds that the server's clock is ahead of this device's
let sending = false;
let again = false;
let problem = "";
let token = null;
const waitingFor = new Map();

/** Tells the module the server's time, so that entries carry the clinic's time and not that of a wrong device clock. */
export function setServerTime(milliseconds) {
  serverAhead = milliseconds - Date.now();
}

export const now = () => new Date(Date.now() + serverAhead);

/** Version 7 UUID: time first, so that ids sort in the order of recording. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(Date.now() / 0x10000));
  new DataView(bytes.buffer).setUint16(4, Date.now() % 0x10000);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("euthymia", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opened.catch(() => {});

async function store(act, mode = "readwrite") {
  const db = await opened;
  return new Promise((resolve, reject) => {
    // Strict: the browser has written it to the disk before it says so.
    const transaction = db.transaction("outbox", mode, { durability: "strict" });
    const request = act(transaction.objectStore("outbox"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const all = () => store((box) => box.getAll(), "readonly");

/** Takes an entry into the outbox and tries to send it. Resolves when it is kept on the device. */
export async function add(visit, author, entry, words) {
  const record = { id: newId(), visit, author, observedAt: now().toISOString(), entry, words, refused: null };
  await store((box) => box.add(record));
  await tell();
  const answer = new Promise((resolve) => waitingFor.set(record.id, resolve));
  flush();
  return { id: record.id, answer };
}

export async function remove(sequence) {
  await store((box) => box.delete(sequence));
  await tell();
}

/** Puts a refused entry back as a note, so that what was seen stays in the record. */
export async function keepAsNote(record) {
  const text = `Could not be recorded as such (${record.refused.map((e) => e.message).join(" ")}): ${record.words}`;
  await store((box) => box.put({ ...record, id: newId(), entry: { kind: "noted", text: text.slice(0, 4000) }, refused: null }));
  await tell();
  flush();
}

async function tell() {
  let records = [];
  try {
    records = await all();
  } catch {
    problem = "storage";
  }
  document.dispatchEvent(new CustomEvent("outbox", { detail: { records, problem } }));
  return records;
}

function answer(record, outcome) {
  waitingFor.get(record.id)?.(outcome);
  waitingFor.delete(record.id);
}

async function post(record, mayRenew = true) {
  const signal = AbortSignal.timeout(Patience);
  if (!token) {
    const response = await fetch("/outbox/token", { signal, redirect: "manual" });
    if (!response.ok) return { status: response.type === "opaqueredirect" ? 401 : response.status };
    token = (await response.json()).token;
  }
  const response = await fetch(`/visits/${record.visit}/events`, {
    method: "POST",
    signal,
    redirect: "manual",
    headers: { "Content-Type": "application/json", RequestVerificationToken: token },
    body: JSON.stringify({ id: record.id, author: record.author, observedAt: record.observedAt, entry: record.entry }),
  });
  if (response.status === 400 && mayRenew) { // signed in anew, or the server has new keys
    token = null;
    return post(record, false);
  }
  if (response.ok) return { status: 200 };
  const body = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  return { status: response.type === "opaqueredirect" ? 401 : response.status, errors: body?.errors };
}

/** Sends what waits, one after the other in the order of recording. A refused entry stays, marked, until somebody decides. */
export async function flush() {
  if (sending) {
    again = true; // something was added meanwhile
    return;
  }
  sending = true;
  again = false;
  try {
    for (const record of (await all()).filter((r) => !r.refused)) {
      const { status, errors } = await post(record);
      if (status === 200) {
        await store((box) => box.delete(record.sequence));
        problem = "";
        answer(record, { stored: true });
      } else if (status === 401) {
        problem = "signed-out";
        return;
      } else if (errors?.some((e) => e.code === "other_author")) {
        problem = "other-author";
        continue;
      } else if (errors?.length) {
        await store((box) => box.put({ ...record, refused: errors }));
        answer(record, { refused: errors, sequence: record.sequence });
      } else {
        problem = "server";
        return;
      }
      await tell();
    }
  } catch {
    problem = "unreachable";
  } finally {
    sending = false;
    await tell();
  }
  if (again) flush();
}

// Signing out clears what this device keeps, so it asks first while something is not saved.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out" || form.dataset.sure) return;
  event.preventDefault();
  all().catch(() => []).then((records) => {
    const count = records.length;
    const question = count === 1 ? "1 entry is" : `${count} entries are`;
    if (count === 0 || confirm(`${question} not saved on the server yet. Signing out deletes what this device keeps. Sign out all the same?`)) {
      form.dataset.sure = "yes";
      // The server's answer clears the device, too, but browsers heed it over HTTPS only.
      store((box) => box.clear()).catch(() => {}).finally(() => form.requestSubmit());
    }
  });
});

setInterval(async () => {
  const records = await all().catch(() => []);
  if (records.some((r) => !r.refused)) flush();
}, Retry);
addEventListener("online", flush);
flush();
