/** Keeps the tiles current by Server-Sent Events; when those fail again and again, by reading the page anew. */

const REFRESH_MS = 15_000; // pictures are redrawn at most this often
const POLL_MS = 30_000;
const SAY_MS = 20_000; // a screen reader is told at most this often
const TRIES = 4;

const LIVE_PARTS = ["value", "unit", "comparison", "freshness", "picture"];

/** @param {HTMLElement} state the button that shows the connection; its data-live is the stream's address */
export function followLive(state) {
  let source = null;
  let failures = 0;
  let timer = 0;
  const refresh = atMostEvery(REFRESH_MS, refreshTiles);

  function open() {
    source = new EventSource(state.dataset.live, { withCredentials: true });
    source.addEventListener("open", () => {
      // What happened while nobody listened is on the page that the server makes now.
      if (failures) refresh();
      failures = 0;
      stopPolling();
      show("on");
    });
    source.addEventListener("error", lost);
    source.addEventListener("tiles", (event) => {
      const stale = updateTiles(JSON.parse(event.data));
      if (stale) refresh();
      tick();
    });
    source.addEventListener("order", (event) => {
      showOrder(JSON.parse(event.data), state.dataset.order);
      refresh();
    });
  }

  // The browser reconnects by itself unless the answer was an error; then, and after some tries, we read the page.
  function lost() {
    failures += 1;
    if (source.readyState !== EventSource.CLOSED && failures < TRIES) return show("lost");
    close();
    show("polling");
    timer ||= setInterval(poll, POLL_MS);
  }

  async function poll() {
    if (document.hidden || source) return;
    if (await refreshTiles()) {
      tick();
      open();
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  function stopPolling() {
    clearInterval(timer);
    timer = 0;
  }

  function show(name) {
    state.dataset.state = name;
    part(state, "state").textContent = state.dataset[name];
    if (name === "on") tick();
  }

  function tick() {
    const now = new Date();
    const clock = part(state, "clock");
    clock.dateTime = now.toISOString();
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: state.dataset.zone };
    clock.textContent = now.toLocaleTimeString(document.documentElement.lang, options);
  }

  state.addEventListener("click", () => {
    const pause = state.dataset.state !== "paused";
    state.setAttribute("aria-pressed", String(pause));
    close();
    stopPolling();
    if (pause) return show("paused");
    failures = 0;
    show("lost");
    refreshTiles();
    open();
  });
  addEventListener("pagehide", close);
  // A page out of the back/forward cache has missed what happened meanwhile.
  addEventListener("pageshow", (event) => {
    if (!event.persisted || state.dataset.state === "paused") return;
    refreshTiles();
    open();
  });
  open();
}

/** Writes new values into their tiles. True when a picture is out of date and must come from the server. */
function updateTiles(tiles) {
  let redraw = false;
  for (const [key, news] of Object.entries(tiles)) {
    const tile = document.querySelector(`[data-tile="${CSS.escape(key)}"]`);
    if (!tile) continue;
    const changed = Boolean(news.value_text) && setValue(tile, news.value_text);
    if (news.steps.length) setStages(tile, news.steps);
    if (news.change_text) {
      const change = tile.querySelector(".change");
      if (change) change.lastChild.textContent = news.change_text;
    }
    if (news.as_of) part(tile, "freshness")?.setAttribute("datetime", news.as_of);
    redraw ||= changed || news.picture;
  }
  return redraw;
}

/** "18.450 kr." is shown as a number and a smaller unit, as the macro big() does. True when it is another number. */
function setValue(tile, text) {
  const value = part(tile, "value");
  if (!value) return false;
  const [, number, unit] = /^(.*?)(?:\u00a0([^\d]+))?$/.exec(text.replaceAll(" ", "\u00a0"));
  if (value.textContent === number) return false;
  value.textContent = number;
  part(tile, "unit").textContent = unit ? ` ${unit}` : "";
  flash(value.closest(".value"));
  return true;
}

/** The kitchen's stages are written at once; they are too important to wait for the next picture. */
function setStages(tile, texts) {
  for (const [place, stage] of tile.querySelectorAll(".stages li").entries()) {
    stage.querySelector("b").textContent = texts[place];
    stage.classList.toggle("none", texts[place] === "0");
  }
}

function flash(element) {
  if (!element) return;
  element.classList.remove("fresh-value");
  void element.offsetWidth; // starts the animation again
  element.classList.add("fresh-value");
}

let newestOrder = "";

function showOrder(order, template) {
  newestOrder = template.replace(/\{(\w+)\}/g, (all, name) => order[`${name}_text`] ?? order[name] ?? all);
  flash(writeNewestOrder());
  say(newestOrder);
}

function writeNewestOrder() {
  const line = newestOrder ? document.querySelector("[data-newest-order]") : null;
  if (line) line.textContent = newestOrder;
  return line;
}

const say = atMostEvery(SAY_MS, (words) => {
  const voice = document.querySelector("[data-announce]");
  if (voice) voice.textContent = words;
});

/** Reads this page again and takes over what has changed in each tile. False when the server did not answer. */
async function refreshTiles() {
  let page;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return false;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return false;
  }
  for (const tile of document.querySelectorAll("[data-tile]")) {
    const fresh = page.querySelector(`[data-tile="${CSS.escape(tile.dataset.tile)}"]`);
    if (fresh) takeOver(tile, fresh);
  }
  writeNewestOrder();
  return true;
}

function takeOver(tile, fresh) {
  // A tile that failed or recovered changes as a whole; otherwise open menus and the focus stay.
  if (!part(tile, "picture") !== !part(fresh, "picture")) return tile.replaceWith(fresh);
  for (const name of LIVE_PARTS) {
    const [was, is] = [part(tile, name), part(fresh, name)];
    if (!was || !is || was.innerHTML === is.innerHTML || was.contains(document.activeElement)) continue;
    was.replaceWith(is);
    if (name === "value") flash(is.closest(".value"));
  }
}

function part(element, name) {
  return element.querySelector(`[data-part="${name}"]`);
}

/** Calls `act` at once, then at most every `pause` ms; the last call within a pause is made when it ends. */
function atMostEvery(pause, act) {
  let waiting = null;
  let next = 0;
  return (...args) => {
    clearTimeout(waiting);
    const run = () => {
      next = Date.now() + pause;
      act(...args);
    };
    const rest = next - Date.now();
    if (rest <= 0) run();
    else waiting = setTimeout(run, rest);
  };
}
