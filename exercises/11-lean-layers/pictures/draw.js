// `draw.js SOURCE TARGET`: makes a PNG of each drawing in SOURCE. On its way each picture lies uncompressed in
// dist/work, as picture tools leave their work for one another; nothing reads it afterwards.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { png } from "./png.js";

const work = "dist/work";
const scale = 20;
const background = "#faf8f3";

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("usage: draw.js SOURCE TARGET");
  process.exit(2);
}

mkdirSync(work, { recursive: true });
mkdirSync(target, { recursive: true });
for (const file of readdirSync(source).filter((name) => name.endsWith(".txt"))) {
  const name = basename(file, ".txt");
  const { rows, colours } = parsed(readFileSync(join(source, file), "utf8"));
  const raw = Buffer.concat(rows.flatMap((row) => Array(scale).fill(pixels(row, colours))));
  writeFileSync(join(work, `${name}.raw`), raw);
  const picture = png(raw, rows[0].length * scale, rows.length * scale);
  writeFileSync(join(target, `${name}.png`), picture);
  console.log(`drew ${name}: ${raw.length} bytes of pixels, ${picture.length} as PNG`);
}

// Lines with `#` are remarks, `m #d9694a` names the colour of a letter, all other lines are rows of letters.
function parsed(drawing) {
  const lines = drawing.split("\n").filter((line) => line && !line.startsWith("#"));
  const colours = new Map([[".", background]]);
  for (const line of lines.filter((line) => line[1] === " ")) colours.set(line[0], line.slice(2));
  return { rows: lines.filter((line) => line[1] !== " "), colours };
}

function pixels(row, colours) {
  const squares = [...row].map((letter) => Buffer.from(colours.get(letter).slice(1), "hex"));
  return Buffer.concat(squares.flatMap((colour) => Array(scale).fill(colour)));
}
