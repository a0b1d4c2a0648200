import { file } from '../text';

/** The `daemons` file: which of FRR's daemons run. zebra, staticd and (from FRR 10 on) mgmtd always do. */
export function printDaemons(remarks: readonly string[]): string {
  return file(
    remarks.map((remark) => `# ${remark}`),
    DAEMONS,
  );
}

const DAEMONS = [
  'bgpd=yes',
  'bfdd=no',
  'vtysh_enable=yes',
  'zebra_options="-A 127.0.0.1 -s 90000000"',
  'bgpd_options="-A 127.0.0.1"',
  'staticd_options="-A 127.0.0.1"',
].join('\n');
