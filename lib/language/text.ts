/** A line, lines, lines further in, or nothing. */
export type Text = string | undefined | readonly Text[] | Indented;

interface Indented {
  readonly margin: string;
  readonly texts: readonly Text[];
}

/** What is there, one line each; `undefined` and empty lists print nothing. */
export function lines(...texts: readonly Text[]): Text {
  return texts;
}

/** Like `lines`, each line one blank further in. */
export function indent(...texts: readonly Text[]): Text {
  return indentBy(' ', texts);
}

/** Like `indent`, by a given text. */
export function indentBy(margin: string, ...texts: readonly Text[]): Text {
  return { margin, texts };
}

/** A text that ends with a line break, as files do. Only here are lines joined: once, however deep they are nested. */
export function file(...texts: readonly Text[]): string {
  const all: string[] = [];
  append(texts, '', all);
  // A line break behind the joined text would be a text of two parts, which whoever reads it first has to copy.
  if (all.length > 0) all.push('');
  return all.join('\n');
}

/** Prints a part of a tree that many trees share but once. */
export function once<T extends object>(print: (part: T) => Text): (part: T) => Text {
  const known = new WeakMap<T, { readonly text: string | undefined }>();
  return (part) => {
    const before = known.get(part);
    if (before !== undefined) return before.text;
    const all: string[] = [];
    append(print(part), '', all);
    const text = all.length === 0 ? undefined : all.join('\n');
    known.set(part, { text });
    return text;
  };
}

function append(text: Text, margin: string, all: string[]): void {
  if (text === undefined) return;
  if (typeof text === 'string') {
    all.push(margin === '' ? text : `${margin}${text.includes('\n') ? text.replaceAll('\n', `\n${margin}`) : text}`);
  } else if (isIndented(text)) {
    const further = `${margin}${text.margin}`;
    for (const part of text.texts) append(part, further, all);
  } else {
    for (const part of text) append(part, margin, all);
  }
}

const isIndented = (text: readonly Text[] | Indented): text is Indented => !Array.isArray(text);
