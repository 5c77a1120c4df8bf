// Files of a form as the page holds them: what an input would lose when the page is drawn
// anew is kept as data addresses, which also show the pictures (no blob: in the policy).

export function put(input, files) {
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  input.files = carrier.files;
}

export function readAddress(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

export function fileOf({ name, address }) {
  const [head, body] = address.split(",");
  const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
  return new File([bytes], name, { type: head.slice(5).split(";")[0] });
}

const LONGEST = 1280; // pixels of the longer side: enough to read a box of pills
const QUALITY = 0.72;

// Draw a photo small and upright; what the camera noted beside it does not come along.
export async function small(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * share));
  canvas.height = Math.max(1, Math.round(image.height * share));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const name = `${file.name.replace(/\.\w+$/, "")}.jpg`;
  return { name, address: await readAddress(blob) };
}
