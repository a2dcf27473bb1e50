// Puts pixels, three bytes each, into a PNG file. Source of the format: the PNG specification of the W3C.
import { deflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const eightBitsOfColour = [8, 2, 0, 0, 0];

export function png(raw, width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(eightBitsOfColour, 8);
  const lines = Array.from({ length: height }, (_, y) => raw.subarray(y * width * 3, (y + 1) * width * 3));
  const unfiltered = Buffer.concat(lines.flatMap((line) => [Buffer.of(0), line]));
  const parts = [["IHDR", header], ["IDAT", deflateSync(unfiltered)], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([signature, ...parts.map(([type, data]) => chunk(type, data))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(checksum(body), body.length + 4);
  return framed;
}

// CRC-32, bit by bit: a table would be faster, and nobody waits for it.
function checksum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
