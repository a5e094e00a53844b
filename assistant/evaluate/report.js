(() => {
  const form = document.getElementById("filters");
  const items = [...document.querySelectorAll(".question")].map(node => ({ node, text: node.textContent.toLowerCase() }));
  const count = document.getElementById("count");
  if (!form) return;
  form.hidden = false;
  const show = () => {
    const kind = form.elements.kind.value, outcome = form.elements.outcome.value;
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { node, text } of items) {
      const fits = (!kind || node.dataset.kind === kind) && (!outcome || node.dataset.outcome === outcome)
        && words.every(word => text.includes(word));
      node.hidden = !fits;
      shown += fits;
    }
    for (const part of document.querySelectorAll(".questions")) {
      part.querySelector(".empty").hidden = !!part.querySelector(".question:not([hidden])");
    }
    count.textContent = `${shown} of ${items.length} questions shown`;
  };
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) { form.reset(); show(); }
    const fold = target.querySelector("details");
    if (fold) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  form.addEventListener("input", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", event => event.preventDefault());
  show();
  reveal();
})();
