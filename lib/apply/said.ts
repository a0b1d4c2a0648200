/** What a device said, safe for a terminal: whoever holds the device could send sequences that move the cursor. */
export const printable = (text: string): string => text.replace(/\r+$/gm, '').replace(/[^\P{C}\t\n]/gu, '\uFFFD');

/** The end of what was said, as one line without the name of the device before it. */
export function lastWords(text: string, device: string): string {
  const lines = printable(text)
    .split('\n')
    .map((line) => (line.startsWith(`${device}: `) ? line.slice(device.length + 2) : line).trim())
    .filter((line) => line !== '');
  return lines.slice(-6).join('; ').slice(-1000);
}
