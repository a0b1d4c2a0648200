import { file, indentBy, lines, type Text } from '../text';
import type { InterfacesConfig, InterfaceStanza } from './config';

/** The `interfaces` file of the tree, as ifupdown2 reads it. */
export function printInterfaces({ remarks, stanzas }: InterfacesConfig): string {
  return file(
    remarks.map((remark) => `# ${remark}`),
    stanzas.map(printStanza),
  );
}

const printStanza = ({ name, remark, loopback, attributes }: InterfaceStanza): Text =>
  lines(
    '',
    remark === undefined ? undefined : `# ${remark}`,
    `auto ${name}`,
    `iface ${name}${loopback ? ' inet loopback' : ''}`,
    indentBy(
      '    ',
      attributes.map(({ keyword, value }) => `${keyword} ${value}`),
    ),
  );
