// Rewrites PNG files with a palette of 256 colours: a third of the size, and nobody sees it. node palette.js FILE…
import { readFileSync, writeFileSync } from "node:fs";
import UPNG from "upng-js";

for (const path of process.argv.slice(2)) {
  const image = UPNG.decode(readFileSync(path));
  writeFileSync(path, Buffer.from(UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, 256)));
}
