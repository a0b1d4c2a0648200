import { closeSync, openSync, readSync } from 'node:fs';

/**
 * The bytes of one file after another, in the same place: a large fabric has a hundred thousand files, and what is left of each
 * is hundreds of megabytes that somebody has to collect.
 */
export class FileBytes {
  #encoded: Buffer = Buffer.alloc(0);
  #read: Buffer = Buffer.alloc(0);

  /** A text as it is written; it holds until the next one. */
  public encode(text: string): Buffer {
    // A code unit takes three bytes at most.
    this.#encoded = withRoom(this.#encoded, 3 * text.length);
    return this.#encoded.subarray(0, this.#encoded.write(text));
  }

  /** Whether the file has this content, and no more. */
  public isSame(file: string, content: Buffer): boolean {
    const most = content.length + 1;
    this.#read = withRoom(this.#read, most);
    const descriptor = openSync(file, 'r');
    try {
      let length = 0;
      for (let more = 1; more > 0 && length < most; length += more) {
        more = readSync(descriptor, this.#read, length, most - length, null);
      }
      return this.#read.subarray(0, length).equals(content);
    } finally {
      closeSync(descriptor);
    }
  }
}

const withRoom = (buffer: Buffer, length: number): Buffer =>
  buffer.length >= length ? buffer : Buffer.allocUnsafeSlow(2 * length);
