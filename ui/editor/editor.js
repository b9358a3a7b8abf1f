// The editor of semantic SQL: colours words, completes them, marks the mistake. It knows what Python handed it and
// nothing else; every text becomes a text node, never HTML.

const SEND_MS = 500, ASK_MS = 180, OWN_MS = 5000, MOST = 50;
const WORDS = /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<value>'(?:[^']|'')*'?)|"(?:[^"]|"")*"?|(?<word>[\p{L}_][\p{L}\p{N}_]*)|\d[\d.]*|\s+|<>|!=|[<>]=|[^]/gu;
const COMPARES = new Set(["=", "<>", "!=", "<", ">", "<=", ">=", "like", "ilike", "between"]);
const GRAINS = new Set(["day", "week", "month", "quarter", "half", "year"]);
const editors = new WeakMap();

export default function (component) {
  const root = component.parentElement;
  let editor = editors.get(root);
  if (!editor || !editor.area.isConnected) {
    editor = new Editor(root);
    editors.set(root, editor);
  }
  editor.take(component);
}

const fold = (text) => text.normalize("NFKC").toLowerCase();

// Python counts characters, the browser counts halves of the rare ones.
const unitsOf = (text, count) => Array.from(text).slice(0, count).join("").length;

class Editor {
  constructor(root) {
    const find = (name) => root.querySelector(name);
    this.root = root;
    this.area = find("textarea");
    this.paper = find(".paper");
    this.shown = find(".shown");
    this.told = find(".told");
    this.go = find(".go");
    this.list = find(".list");
    this.options = find("ul");
    this.meaning = find(".meaning");
    this.aloud = find(".aloud");
    this.given = null;
    this.sent = [];
    this.names = [];
    this.known = new Map();
    this.found = new Map();
    this.asked = "";
    this.offered = [];
    this.from = this.place = this.active = 0;
    this.listen();
  }

  listen() {
    const { area } = this;
    // A shadow root hides that somebody types: the page would take letters for its own shortcuts.
    for (const kind of ["keydown", "keypress", "keyup"]) {
      this.root.querySelector(".editor").addEventListener(kind, (event) => {
        if (event.target === area) event.stopPropagation();
      });
    }
    area.addEventListener("keydown", (event) => this.press(event));
    area.addEventListener("input", (event) => {
      this.draw();
      this.send(SEND_MS);
      if (!event.isComposing) this.offer(false, event.inputType || "");
    });
    area.addEventListener("compositionend", () => this.offer(false, "insertText"));
    area.addEventListener("blur", () => this.close());
    area.addEventListener("pointerdown", () => this.close());
    // The cursor stays in the text; a finger may scroll the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.options.addEventListener("click", (event) => {
      const item = event.target.closest("li");
      if (item) this.accept(Number(item.dataset.place));
    });
    this.go.addEventListener("click", () => this.run());
    this.away = (event) => {
      const [moved] = event.composedPath();
      if (!(moved instanceof Node) || !this.list.contains(moved)) this.close();
    };
  }

  // -- what Python says ------------------------------------------------------------------------------------------
  take({ data, setStateValue }) {
    this.tell = setStateValue;
    this.words = data.words;
    this.root.querySelector(".name").textContent = data.words.name;
    this.root.querySelector(".keys").textContent = data.words.keys;
    this.go.textContent = data.words.run;
    this.options.setAttribute("aria-label", data.words.options);
    if (this.version !== data.version) {
      this.version = data.version;
      this.names = data.names.map(named);
      this.found.clear();
      this.known = new Map(this.names.map((word) => [word.text.toLowerCase(), word.kind]));
    }
    if (this.given === null) {
      this.area.value = data.now ?? data.text;
      this.given = data.text;
    } else if (this.given !== data.text) {
      this.given = data.text;
      // What was typed and sent a moment ago only comes back; more may have been typed since.
      const isOwn = this.sent.some(([text, at]) => text === data.text && Date.now() - at < OWN_MS);
      if (!isOwn && this.area.value !== data.text) { this.area.value = data.text; this.close(); }
    }
    this.mistake = data.mistake;
    this.draw();
    if (data.found) {
      this.found.set(data.found.before, { words: data.found.words.map(named), isWhole: data.found.words.length < MOST });
      if (this.asked === data.found.before) { this.asked = ""; if (this.isFocused()) this.offer(this.isForced, ""); }
    }
  }

  send(wait) {
    clearTimeout(this.sending);
    this.sending = setTimeout(() => {
      const text = this.area.value;
      if (!this.area.isConnected || this.sent.at(-1)?.[0] === text || (!this.sent.length && text === this.given)) return;
      this.tellText(text);
    }, wait);
  }

  run() {
    clearTimeout(this.sending);
    this.close();
    this.tellText(this.area.value);
    // Kept, and told by its moment: a trigger would be lost where the page is drawn again just then.
    this.tell("run", { text: this.area.value, at: Date.now() });
  }

  // With what it was written over, so that Python knows when it is of yesterday.
  tellText(text) {
    this.sent = [...this.sent.slice(-20), [text, Date.now()]];
    this.tell("text", { over: this.given, text });
  }

  isFocused() { return this.root.activeElement === this.area; }

  // -- what is seen ----------------------------------------------------------------------------------------------
  draw() {
    const text = this.area.value, pieces = [];
    // What is being chosen is not finished, so nothing is wrong with it yet.
    const isHere = this.mistake && this.mistake.of === text && !this.isOpen();
    const start = isHere ? unitsOf(text, this.mistake.start) : -1, end = isHere ? unitsOf(text, this.mistake.end) : -1;
    for (const match of text.matchAll(WORDS)) {
      const kind = this.kindOf(match);
      let at = match.index;
      const stop = at + match[0].length;
      for (const cut of [start, end, stop]) {
        if (cut > at && cut <= stop) {
          pieces.push(piece(text.slice(at, cut), kind, at >= start && at < end));
          at = cut;
        }
      }
    }
    // A last line that is empty has no height of its own.
    this.shown.replaceChildren(...pieces, document.createTextNode("\u200b"));
    this.area.setAttribute("aria-invalid", String(Boolean(isHere)));
    this.paper.classList.toggle("wrong", Boolean(isHere));
    this.drawTold(isHere ? this.mistake : null);
  }

  drawTold(mistake) {
    const said = mistake ? JSON.stringify(mistake) : "";
    if (said === this.said) return;
    this.said = said;
    this.told.replaceChildren();
    if (!mistake) return;
    const where = document.createElement("button");
    where.type = "button";
    where.className = "where";
    where.textContent = mistake.where;
    where.addEventListener("click", () => this.goToMistake());
    this.told.append(where, `${mistake.message} ${mistake.hint}`);
  }

  goToMistake() {
    if (!this.mistake || this.mistake.of !== this.area.value) return;
    this.area.focus();
    const text = this.area.value;
    this.area.setSelectionRange(unitsOf(text, this.mistake.start), unitsOf(text, this.mistake.end));
  }

  kindOf(match) {
    if (match.groups.comment) return "comment";
    if (match.groups.value) return "value";
    if (!match.groups.word) return "";
    const word = match[0].toLowerCase();
    return this.known.get(word) || (this.words.keywords.includes(word) ? "keyword" : "");
  }

  // -- completion ------------------------------------------------------------------------------------------------
  offer(isForced, how) {
    clearTimeout(this.asking);
    this.isForced = isForced;
    const caret = this.area.selectionEnd;
    if (this.area.selectionStart !== caret || (how && !/^insert(?:Text|CompositionText)$|^delete/.test(how))) return this.close();
    const before = this.area.value.slice(0, caret), { open, name, grain, begun, isSource } = placeOf(before);
    let words;
    if (open !== null) {
      if (!name) return this.close();
      words = this.valuesAt(before, grain, begun);
    } else {
      if (!begun && !isForced && !isSource) return this.close();
      words = best(this.names.filter((word) => word.kind !== "period" && (word.kind === "model") === isSource), begun);
    }
    const isDone = words.some((word) => fold(word.text) === fold(begun));
    if (!words.length || (isDone && !isForced)) return this.close();
    this.open(words, caret - begun.length, caret);
  }

  // Values are looked up by Python, which knows who asks; periods are here.
  valuesAt(before, grain, begun) {
    if (grain) {
      return this.names.filter((word) => word.kind === "period" && word.of === grain && rank(word, fold(begun)) !== null).slice(0, MOST);
    }
    const opened = before.slice(0, before.length - begun.length);
    for (let length = begun.length; length >= 0; length--) {
      const known = this.found.get(opened + begun.slice(0, length));
      if (known && (known.isWhole || length === begun.length)) return best(known.words, begun.replaceAll("''", "'"));
    }
    this.asking = setTimeout(() => {
      if (!this.area.isConnected || this.area.value.slice(0, this.area.selectionEnd) !== before) return;
      this.asked = before;
      this.tell("before", before);
    }, begun ? ASK_MS : 0);
    return [];
  }

  open(words, from, place) {
    this.offered = words;
    this.from = from;
    this.place = place;
    this.options.replaceChildren(...words.map((word, index) => this.option(word, index)));
    if (!this.list.classList.contains("open")) {
      this.list.classList.add("open");
      this.list.showPopover?.();
      addEventListener("scroll", this.away, true);
      addEventListener("resize", this.away);
      this.draw();
    }
    this.put();
    this.choose(0);
    this.aloud.textContent = this.words.count.replace("{count}", words.length);
  }

  option(word, index) {
    const item = document.createElement("li");
    item.id = `option-${index}`;
    item.dataset.place = index;
    item.setAttribute("role", "option");
    const said = word.said === word.text ? "" : word.said;
    for (const [name, text] of [["text", word.text], ["said", said], ["kind", this.words.kinds[word.kind] || ""]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      item.append(part);
    }
    return item;
  }

  // Below the word, or above it where there is no room below.
  put() {
    const at = this.rectAt(this.from), box = this.list.getBoundingClientRect();
    const isBelow = at.bottom + box.height + 8 < innerHeight || at.top < box.height + 8;
    this.list.style.left = `${Math.max(8, Math.min(at.left - 12, innerWidth - box.width - 8))}px`;
    this.list.style.top = `${isBelow ? at.bottom + 4 : at.top - box.height - 4}px`;
  }

  rectAt(offset) {
    const walker = document.createTreeWalker(this.shown, NodeFilter.SHOW_TEXT);
    let left = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left < node.length) {
        const range = document.createRange();
        range.setStart(node, left);
        range.setEnd(node, left + 1);
        return range.getClientRects()[0] || range.getBoundingClientRect();
      }
      left -= node.length;
    }
    return this.shown.getBoundingClientRect();
  }

  choose(index) {
    const count = this.offered.length;
    this.active = (index + count) % count;
    [...this.options.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === this.active)));
    this.area.setAttribute("aria-activedescendant", `option-${this.active}`);
    this.options.children[this.active].scrollIntoView({ block: "nearest" });
    this.meaning.textContent = this.offered[this.active].meaning;
    this.meaning.hidden = !this.meaning.textContent;
  }

  isOpen() { return this.list.classList.contains("open"); }

  close() {
    if (!this.isOpen()) return;
    this.list.classList.remove("open");
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.area.removeAttribute("aria-activedescendant");
    this.aloud.textContent = "";
    removeEventListener("scroll", this.away, true);
    removeEventListener("resize", this.away);
    this.draw();
  }

  accept(index) {
    const word = this.offered[index], text = this.area.value;
    let written = word.text, end = this.place;
    if (word.kind === "value" || word.kind === "period") {
      written = `${written.replaceAll("'", "''")}'`;
      if (text[end] === "'") end += 1;
    } else if (word.kind === "function" && text[end] !== "(") written += "(";
    this.close();
    this.area.focus();
    this.area.setSelectionRange(this.from, end);
    // Typed as if by hand, so that Ctrl+Z takes it back.
    if (!document.execCommand("insertText", false, written)) {
      this.area.setRangeText(written, this.from, end, "end");
      this.draw();
      this.send(SEND_MS);
    }
    this.close();
  }

  // -- keys ------------------------------------------------------------------------------------------------------
  press(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const { key } = event, isRun = key === "Enter" && (event.ctrlKey || event.metaKey);
    const opens = (key === " " && event.ctrlKey) || (key === "ArrowDown" && event.altKey);
    let act = null;
    if (isRun) act = () => this.run();
    else if (opens) act = () => this.offer(true, "");
    else if (key === "F8") act = () => this.goToMistake();
    else if (this.isOpen()) {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[key];
      if (step && !event.shiftKey) act = () => this.choose(Math.abs(step) > 1 ? clamp(this.active + step, this.offered.length) : this.active + step);
      else if ((key === "Enter" || key === "Tab") && !event.shiftKey) act = () => this.accept(this.active);
      else if (key === "Escape") act = () => this.close();
      else if (["ArrowLeft", "ArrowRight", "Home", "End", "Tab"].includes(key)) this.close();
    }
    if (act) { event.preventDefault(); act(); }
  }
}

const clamp = (index, count) => Math.max(0, Math.min(count - 1, index));

function named([text, kind, said, other, meaning, also, of]) {
  return { text, kind, said, meaning, of, folded: fold(text), told: [fold(said), fold(other)], also: also.map(fold) };
}

// What the cursor stands in: a word begun, after FROM or elsewhere; or a value, with the name and grain it is compared with.
function placeOf(before) {
  const words = [...before.matchAll(WORDS)].filter((match) => !match.groups.comment && match[0].trim());
  const last = words.at(-1), nothing = { open: null, name: "", grain: "", begun: "", isSource: false };
  if (!last || !/^['"]/.test(last[0]) || isClosed(last[0])) {
    const isBegun = last?.groups.word && last.index + last[0].length === before.length;
    const earlier = words.at(isBegun ? -2 : -1)?.[0].toLowerCase();
    return { ...nothing, begun: isBegun ? last[0] : "", isSource: earlier === "from" || earlier === "join" };
  }
  const rest = words.slice(0, -1).map((match) => match[0].toLowerCase()), open = last.index;
  const none = { ...nothing, open, begun: before.slice(open + 1) };
  if (last[0][0] !== "'") return none;
  const isValue = (text) => text?.startsWith("'");
  if (["(", ","].includes(rest.at(-1))) {
    while (rest.at(-1) === "," && isValue(rest.at(-2))) rest.splice(-2);
    if (rest.at(-1) !== "(" || rest.at(-2) !== "in") return none;
    rest.splice(-2);
  } else if (rest.at(-1) === "and" && isValue(rest.at(-2)) && rest.at(-3) === "between") rest.splice(-3);
  else if (COMPARES.has(rest.at(-1))) rest.pop();
  else return none;
  if (rest.at(-1) === "not") rest.pop();
  if (rest.at(-1) === ")" && rest.at(-3) === "(") return { ...none, name: rest.at(-2), grain: rest.at(-4) ?? "" };
  const name = rest.at(-1) ?? "";
  return { ...none, name, grain: GRAINS.has(name) ? name : "" };
}

// Of a stretch that begins with a quote: whether it ends with one that is not doubled.
function isClosed(text) {
  const quotes = text.length - text.replace(new RegExp(`${text[0]}+$`), "").length;
  return text.length > 1 && (quotes === text.length ? quotes % 2 === 0 : quotes % 2 === 1);
}

// How well a word fits what was begun, 0 best; null where it does not. The same order as in Python.
function rank(word, wanted) {
  if (!wanted || word.folded.startsWith(wanted)) return 0;
  if (word.told.some((name) => name.startsWith(wanted))) return 1;
  if (word.folded.split("_").some((part) => part.startsWith(wanted))) return 2;
  if (word.kind === "keyword") return null;
  if ([word.folded, ...word.told].some((name) => name.includes(wanted))) return 3;
  if (word.also.some((name) => name.startsWith(wanted))) return 4;
  return word.also.some((name) => name.includes(wanted)) ? 5 : null;
}

function best(words, begun) {
  const wanted = fold(begun);
  const ranked = words.map((word, place) => [rank(word, wanted), place, word]).filter(([found]) => found !== null);
  ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return ranked.slice(0, MOST).map(([, , word]) => word);
}

function piece(text, kind, isMistake) {
  if (!kind && !isMistake) return document.createTextNode(text);
  const span = document.createElement("span");
  span.className = `${kind}${isMistake ? " mistake" : ""}`.trim();
  span.textContent = text;
  return span;
}
