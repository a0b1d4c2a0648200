import { file, indentBy, lines, type Text } from '../text';
import type { InterfacesConfig, InterfaceStanza } from './config';

/** The `interfaces` file of the tree, as ifupdown2 reads it. */
export function printInterfaces({ remarks, stanzas }: InterfacesConfig): string {
  return file(remarks.map(printRemark), stanzas.map(printStanza));
}

const printStanza = ({ name, remark, loopback, attributes }: InterfaceStanza): Text =>
  lines(
    '',
    remark === undefined ? undefined : printRemark(remark),
    `auto ${name}`,
    `iface ${name}${loopback ? ' inet loopback' : ''}`,
    indentBy(
      '    ',
      attributes.map(({ keyword, value }) => `${keyword} ${value}`),
    ),
  );

/**
 * Without percent signs: one anywhere in the file, and ifupdown2 takes the whole file for a template of Mako's, in which
 * `${…}` is Python that it runs.
 */
const printRemark = (remark: string): string => `# ${remark.replaceAll('%', ' percent')}`;
