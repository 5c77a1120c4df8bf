// On a phone the parts of the case above a form are folded: the form is what one came for.

if (matchMedia("(max-width: 760px)").matches) {
  for (const part of document.querySelectorAll(".cw-beside details")) part.open = false;
}
