// Keeps a page that carries data-refresh="seconds" current: fetches it again and puts the new content in place.
// Without script the page is simply as old as it says. Nothing is replaced while somebody is using it.
const busy = () => document.hidden || (document.activeElement && document.querySelector("main").contains(document.activeElement)
  && document.activeElement !== document.querySelector("h1"));

async function refresh() {
  const mark = document.querySelector("[data-refresh]");
  if (mark && !busy()) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      if (fresh && fresh.querySelector("[data-refresh]") && document.contains(mark)) {
        document.querySelector("main").replaceChildren(...fresh.childNodes);
      }
    } catch {
      // The server is away: the words "as of" tell how old the page is; the next turn tries again.
    }
  }
  setTimeout(refresh, 1000 * Number(document.querySelector("[data-refresh]")?.dataset.refresh ?? 30));
}

setTimeout(refresh, 30000);
