// Before a notebook is opened here: can this browser run it, keep it, and is an older copy of it kept already?
// One sentence says what is in the way; the notebook can be opened all the same, and nothing is deleted.
const STORAGE = "backprop-course";
const PROBE = "backprop-course-probe";

async function obstacle(link) {
  if (typeof WebAssembly !== "object") {
    return "This browser has no WebAssembly, which Python needs here: use another browser, or download the notebook.";
  }
  const kept = await storageTrouble();
  if (kept) return kept;
  try {
    const url = new URL(link.dataset.pyodide.replace(/\/?$/, "/") + "pyodide.js", document.baseURI);
    await fetch(url, { method: "HEAD", mode: "no-cors", cache: "no-store" });
  } catch {
    return "Python cannot be loaded: there is no network, or its server is blocked here; " +
      "what you wrote before is still kept in this browser.";
  }
  if (await isOlder(link)) {
    return "This browser keeps work of yours on an earlier version of this notebook, and opens that: download it first " +
      "(File, Download) to be safe; to begin with the new version, delete the old one in the file list.";
  }
  return "";
}

const REFUSED = "This browser keeps nothing for this page (a private window, or storage is refused): " +
  "what you write is lost when the tab closes, unless you download it.";
const FULL = "This browser's storage is full: free some, or download what you write, since it may not be kept.";
const ROOM = 4e6;  // bytes; a notebook with all its figures has fewer

// Tried, not asked for: what browsers say of their room is an estimate.
async function storageTrouble() {
  let probe;
  try {
    probe = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(PROBE);
      asked.onupgradeneeded = () => asked.result.createObjectStore("room");
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => reject(asked.error);
    });
  } catch (error) {
    return error?.name === "QuotaExceededError" ? FULL : REFUSED;
  }
  try {
    await new Promise((resolve, reject) => {
      const written = probe.transaction("room", "readwrite");
      written.oncomplete = resolve;
      written.onabort = written.onerror = () => reject(written.error);
      written.objectStore("room").put(new Uint8Array(ROOM), 0);
    });
    return "";
  } catch {
    return FULL;
  } finally {
    probe.close();
    indexedDB.deleteDatabase(PROBE);
  }
}

async function stored(path) {
  const names = (await indexedDB.databases?.()) ?? [];
  const found = names.find((one) => one.name === STORAGE);
  if (!found) return null;
  return new Promise((resolve) => {
    const asked = indexedDB.open(STORAGE);
    asked.onerror = () => resolve(null);
    asked.onsuccess = () => {
      const database = asked.result;
      if (!database.objectStoreNames.contains("files")) { database.close(); return resolve(null); }
      const got = database.transaction("files").objectStore("files").get(path);
      got.onsuccess = () => { database.close(); resolve(got.result?.content ?? null); };
      got.onerror = () => { database.close(); resolve(null); };
    };
  });
}

// What students may not edit tells versions apart.
function locked(notebook) {
  const cells = notebook.cells.filter((cell) => cell.metadata?.nbgrader?.locked);
  return JSON.stringify(cells.map((cell) => [cell.metadata.nbgrader.grade_id, [].concat(cell.source).join("")]));
}

async function isOlder(link) {
  const mine = await stored(link.dataset.path);
  if (!mine?.cells) return false;
  const released = await fetch(link.href.replace(/notebooks\/index\.html\?path=.*/, "files/" + link.dataset.path));
  return released.ok && locked(mine) !== locked(await released.json());
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a.course-open");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const sentence = await obstacle(link).catch(() => "");
  if (!sentence) { location.href = link.href; return; }
  const says = document.querySelector(".course-says");
  says.textContent = sentence + " ";
  const anyway = document.createElement("a");
  anyway.href = link.href;
  anyway.textContent = "Open it all the same.";
  says.append(anyway);
  says.hidden = false;
});

// The theme names these otherwise than they read, which who speaks to a browser could not follow; on a narrow
// page one of them does not read at all, and keeps its words as a name.
document.addEventListener("DOMContentLoaded", () => {
  for (const one of document.querySelectorAll("summary[aria-label]")) one.removeAttribute("aria-label");
  for (const one of document.querySelectorAll(".search-button-field")) {
    one.setAttribute("aria-label", one.textContent.replace(/\s+/g, " ").trim());
  }
});
