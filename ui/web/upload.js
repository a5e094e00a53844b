// What the browser does before files are uploaded, run once for the component under the drop zone (see adding.py): a folder that is
// dropped or chosen becomes its files, each with its folder in its name; too many or too large files are not uploaded, but told.

const limits = element.querySelector('[data-most-files]').dataset;
const picker = element.querySelector('input[type=file]');
const zone = () => document.querySelector('#upload');
const bytes = (text) => new TextEncoder().encode(text).length;
const hidden = (path) => path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
let passing = false;

// A path as a name that survives the upload; where it is too long, its first folders are left out.
function named(path) {
  let kept = path;
  while (bytes(kept.replaceAll('/', limits.divider)) > 190 && kept.includes('/')) kept = kept.slice(kept.indexOf('/') + 1);
  return kept.replaceAll('/', limits.divider);
}

function tooLarge(file) {
  const most = /\.zip$/i.test(file.name) ? limits.mostZipMb : limits.mostMb;
  return file.size > Number(most) * 2 ** 20;
}

// Gives files to the drop zone, as if they had been chosen there.
function hand(files) {
  const input = zone()?.querySelector('input[type=file]');
  if (!input) return;
  const held = new DataTransfer();
  for (const file of files) held.items.add(file);
  input.files = held.files;
  passing = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  passing = false;
}

// Files with their paths: what may be uploaded goes on, the rest is told.
function take(found) {
  if (found.length > Number(limits.mostFiles)) {
    trigger('left', { count: found.length });
    return;
  }
  const fit = found.filter(({ file }) => !tooLarge(file));
  const left = found.filter(({ file }) => tooLarge(file)).map(({ path }) => path);
  if (left.length || !found.length) trigger('left', { files: left, more: fit.length > 0 });
  if (fit.length) hand(fit.map(({ file, path }) => new File([file], named(path), { type: file.type })));
}

const fileOf = (entry) => new Promise((done, fail) => { entry.file(done, fail); });
const lotOf = (reader) => new Promise((done, fail) => { reader.readEntries(done, fail); });

async function under(entry) {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) return hidden(path) ? [] : [{ file: await fileOf(entry), path }];
  const reader = entry.createReader(), found = [];
  for (let lot = await lotOf(reader); lot.length; lot = await lotOf(reader)) found.push(...lot);
  return (await Promise.all(found.map(under))).flat();
}

// Gradio's zone counts what is dragged in and out of it; a drop that it does not see has to be told as leaving.
function left(area) {
  for (let times = 0; times < 5; times += 1) area.dispatchEvent(new DragEvent('dragleave', { bubbles: true }));
}

function dropped(drop) {
  if (!element.isConnected || !drop.target.closest?.('#upload')) return;
  const entries = [...drop.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...drop.dataTransfer.files];
  if (!entries.some((entry) => entry.isDirectory) && files.length <= Number(limits.mostFiles) && !files.some(tooLarge)) return;
  drop.preventDefault();
  drop.stopImmediatePropagation();
  left(drop.target);
  Promise.all(entries.map(under)).then((found) => take(found.flat()));
}

function chosen(change) {
  if (passing || !element.isConnected || !change.target.matches?.('#upload input[type=file]')) return;
  const files = [...change.target.files];
  if (files.length <= Number(limits.mostFiles) && !files.some(tooLarge)) return;
  change.stopImmediatePropagation();
  take(files.map((file) => ({ file, path: file.name })));
}

document.addEventListener('drop', dropped, true);
document.addEventListener('change', chosen, true);
element.addEventListener('click', (click) => { if (click.target.closest('[data-event=folder]')) picker.click(); });
picker.addEventListener('change', () => {
  const files = [...picker.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  take(files.filter(({ path }) => !hidden(path)));
  picker.value = '';
});
