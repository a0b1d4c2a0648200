import { UnknownLine } from '../parse-error';
import type { InterfaceAttribute, InterfacesConfig } from './config';

/** The tree of an `interfaces` file that `printInterfaces` wrote. @throws UnknownLine */
export function parseInterfaces(text: string): InterfacesConfig {
  const remarks: string[] = [];
  const stanzas: { name: string; remark: string | undefined; loopback: boolean; attributes: InterfaceAttribute[] }[] =
    [];
  let remark: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const unknown = (): UnknownLine => new UnknownLine(line, index + 1);
    const last = stanzas.at(-1);
    const [, said] = /^# (.*)$/.exec(line) ?? [];
    const [, keyword = '', value = ''] = /^ {4}(\S+) (.+)$/.exec(line) ?? [];
    const [, name, kind] = /^iface (\S+)( inet loopback)?$/.exec(line) ?? [];
    if (line === '' || /^auto \S+$/.test(line)) continue;
    if (said !== undefined) {
      if (last === undefined && remarks.length === 0) remarks.push(said);
      else remark = said;
    } else if (name !== undefined) {
      stanzas.push({ name, remark, loopback: kind !== undefined, attributes: [] });
      remark = undefined;
    } else if (keyword !== '' && last !== undefined) last.attributes.push({ keyword, value });
    else throw unknown();
  }
  return { remarks, stanzas };
}
