import { type PrefixList, type PrefixListEntry, printPrefixListLine } from '../language/frr';
import { type NftRule, printNftRule } from '../language/nftables';

/** A line of a device's configuration that decided about a packet. */
export interface ConfigLine {
  readonly device: string;
  readonly file: 'frr.conf' | 'nftables.conf' | 'interfaces';
  /** The line, without blanks before it. */
  readonly line: string;
  /** The block it stands in, such as `chain through-device`; undefined for none. */
  readonly within: string | undefined;
}

export const frrLine = (device: string, line: string, within?: string): ConfigLine => ({
  device,
  file: 'frr.conf',
  line,
  within,
});

export const prefixListLine = (device: string, list: PrefixList, entry: PrefixListEntry): ConfigLine =>
  new LaterLine(device, 'frr.conf', undefined, () => printPrefixListLine(list, entry));

export const nftLine = (device: string, chain: string, rule: NftRule): ConfigLine =>
  new LaterLine(device, 'nftables.conf', `chain ${chain}`, () => printNftRule(rule));

/** Most lines that decide are never shown to anybody, so that they are printed only when asked for. */
class LaterLine implements ConfigLine {
  readonly #print: () => string;

  public constructor(
    public readonly device: string,
    public readonly file: ConfigLine['file'],
    public readonly within: string | undefined,
    print: () => string,
  ) {
    this.#print = print;
  }

  public get line(): string {
    return this.#print();
  }
}

export const nftPolicyLine = (device: string, chain: string, policy: string): ConfigLine => ({
  device,
  file: 'nftables.conf',
  line: `policy ${policy};`,
  within: `chain ${chain}`,
});

/** As people read it: `blue-fw nftables.conf, chain through-device: counter drop`. */
export const printConfigLine = ({ device, file, line, within }: ConfigLine): string =>
  `${device} ${file}${within === undefined ? '' : `, ${within}`}: ${line}`;
