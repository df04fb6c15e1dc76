import sharp, { type Sharp } from "sharp";

export type Colour = "red" | "green" | "blue" | "white";

const colours: Record<Colour, string> = {
  red: "#ff0000",
  green: "#00ff00",
  blue: "#0000ff",
  white: "#ffffff",
};

/** One colour. */
export function plain(colour: Colour, width = 100, height = 100): Sharp {
  return sharp({ create: { width, height, channels: 3, background: colours[colour] } });
}

/** Upright: red and green above, blue and white below. */
export function quarters(side = 200): Sharp {
  const half = side / 2;
  const quarter = (colour: Colour, left: number, top: number) => ({
    input: { create: { width: half, height: half, channels: 3, background: colours[colour] } } as const,
    left,
    top,
  });
  return sharp({ create: { width: side, height: side, channels: 3, background: "#000000" } })
    .composite([
      quarter("red", 0, 0),
      quarter("green", half, 0),
      quarter("blue", 0, half),
      quarter("white", half, half),
    ])
    .png();
}

/** The colours of the four quarters' middles, row by row: what a person sees, small errors of the encoding apart. */
export async function seenQuarters(image: Buffer): Promise<string[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  return [
    [1, 1],
    [3, 1],
    [1, 3],
    [3, 3],
  ].map(([x = 0, y = 0]) => {
    const at =
      (Math.floor((y * info.height) / 4) * info.width + Math.floor((x * info.width) / 4)) * info.channels;
    return nearest([...data.subarray(at, at + 3)]);
  });
}

function nearest(pixel: number[]): string {
  const named = Object.entries(colours).map(([name, hex]) => {
    const distance = [0, 1, 2].map((i) =>
      Math.abs((pixel[i] ?? 0) - parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16)),
    );
    return { name, far: Math.max(...distance) };
  });
  return named.find(({ far }) => far < 60)?.name ?? `rgb(${pixel.join(", ")})`;
}
