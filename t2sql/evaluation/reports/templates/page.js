"use strict";
(() => {
  const root = document.documentElement;
  const words = [...document.querySelectorAll("[data-zh]")];
  const speak = (language) => {
    root.lang = language;
    for (const element of words) {
      const text = element.dataset[language];
      if (element.matches("input, select")) {
        element.setAttribute("aria-label", text);
        if (element.matches("input")) element.placeholder = text;
      } else element.textContent = text;
    }
  };
  const button = document.getElementById("language");
  button.hidden = false;
  button.addEventListener("click", () => speak(root.lang === "zh" ? "en" : "zh"));
  speak(navigator.language.startsWith("zh") ? "zh" : "en");

  const form = document.getElementById("search");
  if (!form) return;
  form.hidden = false;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const cases = [...document.querySelectorAll(".case")].map((element) => ({ element, text: null }));
  const box = form.querySelector("input");
  const choices = [...form.querySelectorAll("select")];
  const shown = document.getElementById("shown");
  const choose = () => {
    const asked = fold(box.value).split(/\s+/).filter(Boolean);
    const wanted = choices.filter((c) => c.selectedIndex > 0).map((c) => [c.name, c.value]);
    let count = 0;
    for (const one of cases) {
      one.text ??= fold([...one.element.querySelectorAll(".said")].map((e) => e.textContent).join(" "));
      const fits = wanted.every(([name, value]) => one.element.getAttribute("data-" + name) === value)
        && asked.every((word) => one.text.includes(word));
      one.element.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} / ${cases.length}`;
  };
  let waiting;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(choose, 120); });
  for (const choice of choices) choice.addEventListener("change", choose);
  document.getElementById("clear").addEventListener("click", () => {
    box.value = "";
    for (const choice of choices) choice.selectedIndex = 0;
    choose();
    box.focus();
  });
  document.getElementById("unfold").addEventListener("click", () => {
    const visible = cases.filter((one) => !one.element.hidden);
    const open = visible.some((one) => !one.element.open);
    for (const one of visible) one.element.open = open;
  });
  choose();
})();
