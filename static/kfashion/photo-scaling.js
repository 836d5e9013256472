// Makes a photo small before it is sent, where the browser can read it; for the upload form.
// What comes out is upright and has no hidden notes, such as where it was taken.

const LARGE_BYTES = 1_500_000;
const QUALITY = 0.9;
// Formats that every browser shows and every shop reads; others are written anew as JPEG.
const COMMON = ["image/jpeg", "image/png", "image/webp"];

// Returns the file to send: a smaller JPEG, or the file as it is where that is good or all there is.
export async function scaleDown(file, { maxSide }) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // A format of its own, as HEIC is to most; the shop may be able to read it.
  }
  try {
    const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size <= LARGE_BYTES && COMMON.includes(file.type)) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    if (!context) return file;
    context.fillStyle = "#fff"; // What was transparent.
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } finally {
    bitmap.close();
  }
}
