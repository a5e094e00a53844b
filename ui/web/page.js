// The page's own script, run once for each of our HTML components (see markup.live): `element` is the component,
// `trigger` reports an event to Python, `watch` calls back after Python changed the value. It never builds HTML.

const events = ['cite', 'show', 'example', 'choose', 'widen', 'quotes', 'sort', 'source', 'shut', 'document', 'amend', 'undo', 'leaf',
  'conversations', 'resume', 'rename', 'named', 'drop', 'dropped', 'unchanged', 'again', 'edit', 'save', 'judge', 'judged',
  'lift', 'unfilter', 'near', 'report', 'more', 'lot', 'leave', 'remove', 'found', 'passage'];

function spoken(text) {
  const voice = document.querySelector('#voice [role=status]');
  if (voice) voice.textContent = text;
}

async function copy(button) {
  const text = button.dataset.copy;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand('copy');
    area.remove();
    button.focus();
  }
  const label = button.textContent;
  button.textContent = done ? 'Copied' : 'Copying was refused';
  spoken(button.textContent);
  setTimeout(() => { button.textContent = label; }, 2000);
}

function back({ turn, number, topic }) {
  const which = topic ? `[data-event=near][data-topic="${Number(topic)}"]` : `[data-event=cite][data-number="${Number(number)}"]`;
  const cite = document.querySelector(`#conversation ${which}[data-turn="${Number(turn)}"]`);
  cite?.focus({ preventScroll: true });
  cite?.scrollIntoView({ block: 'center' });
}

function openTab(name) {
  const tabs = [...document.querySelectorAll('[role=tab], .overflow-dropdown button')];
  tabs.find((tab) => tab.textContent.trim() === name)?.click();
}

// Where a reader came from: the button whose document or page is open has the focus again when it is left.
let opener = null;
const opened = '#document-page [data-event=return]';
const closers = { document: '#document-head [data-event=leave]', source: opened, found: opened, passage: opened };

function refocus(tries = 60) {
  const there = opener?.isConnected && opener.offsetParent;
  if (there) opener.focus();
  else if (tries) requestAnimationFrame(() => refocus(tries - 1));
}

document.addEventListener('click', (click) => {
  if (opener && click.target.closest(closers[opener.dataset.event])) refocus();
});

// A document's page has an address of its own, and can be opened from a page that cites it.
const doorway = Boolean(element.closest('#document-opener'));

function visit(id) {
  openTab('Documents');
  trigger('document', { document: id });
}

if (doorway) {
  document.addEventListener('about', (asked) => visit(asked.detail));
  const named = new URLSearchParams(location.search).get('document');
  if (named) requestAnimationFrame(() => visit(named));
}

function address(id) {
  const here = new URL(location.href);
  if (id) here.searchParams.set('document', id);
  else here.searchParams.delete('document');
  if (here.href !== location.href) history.replaceState(history.state, '', here);
}

element.addEventListener('click', (click) => {
  const target = click.target.closest('[data-event]');
  if (!target || (target.tagName === 'LI' && String(getSelection()))) return;
  const { event, ...data } = target.dataset;
  if (event === 'copy') copy(target);
  else if (event === 'back') back(data);
  else if (event === 'goto') openTab(data.tab);
  else if (event === 'about') document.dispatchEvent(new CustomEvent('about', { detail: data.document }));
  else if (event === 'zoom') enlarge(data.zoom);
  else if (event === 'choose') trigger('choose', { ids: [...ticked] });
  else if (events.includes(event)) trigger(event, data);
  if (event in closers) opener = target;
  if (event === 'leave') address('');
  if (event === 'edit') document.querySelector('#question textarea')?.focus();
  if (event === 'amend') document.querySelector('#fact-value textarea, #fact-value input')?.focus();
});

// A form of ours is an event too, with what was filled in; of boxes with one name, all that are ticked.
element.addEventListener('submit', (submit) => {
  submit.preventDefault();
  const filled = new FormData(submit.target);
  const values = Object.fromEntries([...filled.keys()].map((name) => [name, filled.getAll(name)]));
  const { sends: event, ...data } = submit.target.dataset;
  if (events.includes(event)) trigger(event, { ...data, ...values });
});

// A tab remembers its conversation, so that it is there again when the page is loaded anew.
function remember() {
  const here = element.querySelector('[data-conversation]');
  if (here) sessionStorage.setItem('conversation', here.dataset.conversation);
}

function located() {
  const head = element.querySelector('h2[data-document]');
  if (head?.offsetParent) address(head.dataset.document);
}

// A file that was asked for is taken at once; its link stays for those whose browser did not let it.
let taken = '';

function take() {
  const link = element.querySelector('a[data-save]');
  if (!link || link.dataset.save === taken) return;
  taken = link.dataset.save;
  spoken(`Saved as ${link.download}`);
  link.click();
}

// Rows are re-used when the table changes: a tick belongs to a document, not to a row.
let ticked = new Set();
const boxes = () => [...element.querySelectorAll('input[type=checkbox]')];
element.addEventListener('change', () => { ticked = new Set(boxes().filter((box) => box.checked).map((box) => box.value)); });

function retick() {
  for (const box of boxes()) box.checked = ticked.has(box.value);
  ticked = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
}

// The picture of a page: its size is the reader's, and stays when pages are turned.
let zoom = 'fit';
let leaf = '';

function resize() {
  const frame = element.querySelector('.picture');
  if (!frame) return;
  frame.dataset.zoom = zoom;
  const sheet = frame.querySelector('.sheet');
  sheet.style.setProperty('--zoom', zoom === 'fit' ? '1' : zoom);
  sheet.querySelector('img').sizes = `${Math.ceil(sheet.getBoundingClientRect().width)}px`;
  for (const each of element.querySelectorAll('[data-event=zoom]')) each.setAttribute('aria-pressed', each.dataset.zoom === zoom);
}

function seek(frame) {
  const mark = frame?.querySelector('mark:not(.hit), .marks span') ?? frame?.querySelector('mark');
  if (!mark) return;
  const place = mark.getBoundingClientRect(), seen = frame.getBoundingClientRect();
  frame.scrollTop += place.top - seen.top - frame.clientHeight / 4;
  if (place.left < seen.left || place.right > seen.left + frame.clientWidth) frame.scrollLeft += place.left - seen.left - 16;
}

function enlarge(size) {
  zoom = size;
  resize();
  seek(element.querySelector('.picture'));
}

function broken(is) {
  element.querySelector('.picture').hidden = is;
  element.querySelector('.broken').hidden = !is;
}

function turned() {
  resize();
  const image = element.querySelector('.picture img');
  const now = `${element.querySelector('.viewer .where')?.textContent} ${image?.getAttribute('src')}`;
  if (now === leaf) return;
  leaf = now;
  if (image) broken(image.complete && !image.naturalWidth);
  for (const frame of element.querySelectorAll('.picture, .page-text')) {
    frame.scrollTo(0, 0);
    seek(frame);
  }
}

element.addEventListener('error', (failure) => { if (failure.target.closest?.('.picture')) broken(true); }, true);

// What a reader unfolded stays unfolded when its surroundings are drawn anew.
const unfolded = new Set();
element.addEventListener('toggle', ({ target }) => {
  if (target.dataset?.fold && target.isConnected) unfolded[target.open ? 'add' : 'delete'](target.dataset.fold);
}, true);

function unfold() {
  for (const each of element.querySelectorAll('details[data-fold]')) each.open = unfolded.has(each.dataset.fold);
}

let moved = '';

function reveal() {
  turned();
  located();
  const target = element.querySelector('[data-focus]');
  if (!target || target.dataset.focus === moved) return;
  moved = target.dataset.focus;
  seek(element.querySelector('.picture'));
  seek(element.querySelector('.page-text'));
  target.closest('form')?.reset(); // re-used elements would bring their ticks and words along
  target.focus({ preventScroll: true });
  if (target.tagName === 'INPUT') target.select();
  const stacked = matchMedia('(max-width: 899px)').matches;
  target.scrollIntoView({ block: stacked || target.closest('#document-head, #document-page') ? 'start' : 'nearest' });
}

// Whoever was asked about a removal is back at the button that asked, as soon as the question is gone and the button there.
function backToAsking(tries = 90) {
  const button = [...document.querySelectorAll('[data-event=choose], [data-event=remove]')].find((one) => one.offsetParent);
  if (document.activeElement === document.body) button?.focus();
  if (tries) requestAnimationFrame(() => backToAsking(tries - 1));
}

if (element.closest('#documents')) document.addEventListener('click', (click) => {
  if (click.target.closest('#keep, #remove')) backToAsking();
});

// Gradio names tabs, and leaves what they open without a name.
const panel = element.closest('[role=tabpanel][id^=tab-]');
if (panel) panel.setAttribute('aria-labelledby', `${panel.id}-button`);

watch('value', () => { retick(); remember(); take(); unfold(); requestAnimationFrame(() => { remember(); reveal(); }); });
// A component in a column that was hidden begins with its value.
requestAnimationFrame(reveal);
