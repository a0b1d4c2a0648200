/** A line, lines, or nothing. */
export type Text = string | undefined | readonly Text[];

/** Joins what is there, one line each; `undefined` and empty lists print nothing. */
export function lines(...texts: readonly Text[]): string | undefined {
  const flat = flatten(texts);
  return flat.length === 0 ? undefined : flat.join('\n');
}

/** Like `lines`, each line one blank further in. */
export function indent(...texts: readonly Text[]): string | undefined {
  return indentBy(' ', texts);
}

/** Like `indent`, by a given text. */
export function indentBy(margin: string, ...texts: readonly Text[]): string | undefined {
  return lines(...texts)
    ?.split('\n')
    .map((line) => `${margin}${line}`)
    .join('\n');
}

/** A text that ends with a line break, as files do. */
export function file(...texts: readonly Text[]): string {
  const text = lines(...texts);
  return text === undefined ? '' : `${text}\n`;
}

function flatten(texts: readonly Text[]): readonly string[] {
  return texts.flatMap((text) => (text === undefined ? [] : typeof text === 'string' ? [text] : flatten(text)));
}
