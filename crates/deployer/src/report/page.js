const rows = [...document.querySelectorAll('#waterfall tbody tr')];
const steps = new Map(rows.filter(row => row.dataset.step).map(row => [row.dataset.step, row]));
document.querySelector('#filter').addEventListener('input', event => {
  const wanted = event.target.value.toLowerCase();
  for (const row of steps.values()) row.hidden = !row.dataset.text.includes(wanted);
});
for (const row of steps.values()) {
  const mark = on => {
    for (const id of row.dataset.before.split(' ')) steps.get(id)?.classList.toggle('before', on);
  };
  row.addEventListener('mouseenter', () => mark(true));
  row.addEventListener('mouseleave', () => mark(false));
}
