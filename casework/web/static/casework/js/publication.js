// The text to post follows the category and the item that are chosen, until somebody
// edits it. The server has written a text for every choice (`data-proposals`).

const text = document.querySelector("[data-proposals]");
const { category, aid_item: item } = text.form.elements;
const proposals = JSON.parse(text.dataset.proposals);

const isProposed = () =>
  text.value === text.defaultValue ||
  Object.values(proposals).some((texts) => Object.values(texts).includes(text.value));

function propose() {
  const proposal = proposals[category.value]?.[item?.value ?? ""];
  if (proposal && isProposed()) text.value = proposal;
}

for (const choice of [category, item]) choice?.addEventListener("change", propose);
