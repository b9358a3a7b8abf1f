// What only the browser can do: remember the language, say it to screen readers, and listen for keys.
// It sends nothing and writes no markup.
const TURN = '[class*="st-key-turn-"]'
const PROOF = '[class*="st-key-proof-"] summary'
const TRIES = 60

const remember = (language) => {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en"
  document.cookie = `t2sql_language=${language}; path=/; max-age=31536000; SameSite=Lax`
}

const isTyping = (element) =>
  element.isContentEditable ||
  element.closest("input, textarea, select, [role=combobox], [role=grid], [role=listbox], [role=menu]") !== null

const turns = () => [...document.querySelectorAll(TURN)].filter((e) => /st-key-turn-\d+(\s|$)/.test(e.className))

const current = () => {
  const all = turns()
  const found = all.findIndex((turn) => turn.contains(document.activeElement))
  return found < 0 ? all.length - 1 : found
}

const visit = (step) => {
  const all = turns()
  if (!all.length) return
  const isInside = all.some((turn) => turn.contains(document.activeElement))
  const place = Math.min(all.length - 1, Math.max(0, isInside ? current() + step : all.length - 1))
  all[place].tabIndex = -1
  all[place].focus({ preventScroll: true })
  all[place].scrollIntoView({ block: "start", behavior: "instant" })
}

// An earlier answer is one line until it is opened. While it becomes one, what it was before still stands there, and
// goes with all that is opened in it: only what stands in the line, or in an answer that is being edited, is pressed.
const press = (selector, tries = 0, isOpened = false) => {
  const all = turns()
  const turn = all[current()]
  const older = turn?.querySelector('[class*="st-key-older-"]')
  const isWhole = turn?.querySelector(PROOF) && !turn.querySelector('[class*="st-key-edit-"] input:checked')
  const isGoing = isWhole && !older && turn !== all.at(-1)
  const found = isGoing ? null : (older ?? turn)?.querySelector(selector)
  if (found) {
    found.scrollIntoView({ block: "nearest", behavior: "instant" })
    found.click()
  } else if ((older || isGoing) && tries < TRIES) {
    const line = older?.querySelector("details")
    if (line && !line.open && !isOpened) line.querySelector("summary").click()
    setTimeout(() => press(selector, tries + 1, isOpened || Boolean(line)), 50)
  }
}

const ACTIONS = {
  "/": () => document.querySelector('[data-testid="stChatInputTextArea"]')?.focus(),
  j: () => visit(1),
  k: () => visit(-1),
  p: () => press(PROOF),
  e: () => press('[class*="st-key-edit-"] input'),
  s: () => press('[class*="st-key-stop-"] button'),
  n: () => document.querySelector('[class*="st-key-fresh-button"] button')?.click(),
}

const listen = (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.key === "Escape" && event.target.matches?.('[data-testid="stChatInputTextArea"]')) {
    event.target.blur()
    return
  }
  const action = ACTIONS[event.key]
  if (!action || isTyping(event.target)) return
  event.preventDefault()
  action()
}

// The newest answer from its beginning, also while it still grows: Streamlit keeps a growing page at its end. Whoever
// moves the page meanwhile is left alone.
const HOLDS = 24
let hasMoved = false
for (const event of ["wheel", "touchmove", "keydown", "pointerdown"])
  document.addEventListener(event, () => { hasMoved = true }, { passive: true, capture: true })
const hold = (turn, left) => {
  if (hasMoved || !left || !turn.isConnected) return
  if (Math.abs(turn.getBoundingClientRect().top - parseFloat(getComputedStyle(turn).scrollMarginTop)) > 2)
    turn.scrollIntoView({ block: "start", behavior: "instant" })
  setTimeout(() => hold(turn, left - 1), 50)
}
const show = (number, tries = 0) => {
  const turn = document.querySelector(`.st-key-turn-${number}`)
  // Whoever has opened something meanwhile is reading already.
  if (document.querySelector('[data-testid="stPopoverBody"]') || turn?.querySelector("details[open]")) return
  if (turn?.querySelector(".headline, .notice, summary")) {
    hasMoved = false
    hold(turn, HOLDS)
  } else if (tries < TRIES) setTimeout(() => show(number, tries + 1), 50)
}

// What is opened or switched stays under the pointer while its content comes: Streamlit would go to the page's end.
const OPENS = `${TURN} summary, ${TURN} [data-testid="stCheckbox"] label`
const STAY_MS = 2000
const OFF_END = 4
const scroller = (element) => {
  let found = element.parentElement
  while (found && !(found.scrollHeight > found.clientHeight && /auto|scroll/.test(getComputedStyle(found).overflowY)))
    found = found.parentElement
  return found
}
const stay = (element, top, until) => {
  if (hasMoved || performance.now() > until || !element.isConnected) return
  const by = element.getBoundingClientRect().top - top
  if (Math.abs(by) > 2) scroller(element)?.scrollBy({ top: by, behavior: "instant" })
  requestAnimationFrame(() => stay(element, top, until))
}
const opens = (event) => {
  const element = event.target.closest?.(OPENS)
  if (!element) return
  hasMoved = false
  // A page that is not quite at its end is left where it is.
  const place = scroller(element)
  if (place && place.scrollHeight - place.scrollTop - place.clientHeight < OFF_END)
    place.scrollBy({ top: -OFF_END, behavior: "instant" })
  stay(element, element.getBoundingClientRect().top, performance.now() + STAY_MS)
}

export default ({ data }) => {
  remember(data.language)
  // On the page itself: this script is read anew whenever Streamlit draws its place anew.
  if (data.answered > (window.t2sqlShown ?? 0)) {
    window.t2sqlShown = data.answered
    show(data.answered)
  }
  document.addEventListener("keydown", listen)
  document.addEventListener("click", opens, { capture: true })
  return () => {
    document.removeEventListener("keydown", listen)
    document.removeEventListener("click", opens, { capture: true })
  }
}
