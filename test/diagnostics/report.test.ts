import { printFinding, printFindings } from '../../lib/diagnostics';
import { check, type Finding, RULES } from '../../lib/rules';
import { connection, externalNetwork, fabric, firewall, privateNetwork } from '../rules/model';

const broken = fabric({
  networks: [privateNetwork('blue'), privateNetwork('red', { vni: 0 }), externalNetwork('internet')],
  firewalls: [firewall('blue-fw', 'blue', { connections: [connection('red'), connection('internet')] })],
});

test('findings are a header, and four lines each', () => {
  expect(printFindings(check(broken))).toBe(
    `2 findings; nothing was written:
[par1/blue-fw] firewall/has-one-private-network: is connected to private network "red" besides its primary network "blue"
    rule: A firewall is in one plain private network at most, and that is its primary one.
    fix:  share "red", or give it a firewall of its own
    why:  docs/rules/firewall/has-one-private-network.md
[par1/red] network/vni-is-in-range: vni 0 is outside 1–16777214
    rule: A VNI lies within 1–16777214.
    fix:  choose a VNI in that range, or leave "vni" out to have one allocated
    why:  docs/rules/network/vni-is-in-range.md`,
  );
});

test('one is one, and none is nothing', () => {
  expect(printFindings(check(broken).slice(0, 1))).toMatch(/^1 finding; nothing was written:\n\[par1\/blue-fw\] /);
  expect(printFindings([])).toBe('');
});

test('a single finding has no path, which cdktf prints', () => {
  expect(check(broken).map(printFinding)[1]).toMatch(/^network\/vni-is-in-range: vni 0 /);
});

test('no character gets through that would not print, break the line or reorder it', () => {
  const finding: Finding = {
    rule: RULES[0]!,
    subject: { path: 'par1/a\nb\u001b[31m' },
    problem: 'x\r\ny\u0007\u0085\u2028\u202e\u200b\ud800',
    fix: 'tab\there',
  };
  const lines = printFindings([finding]).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[1]).toBe(
    '[par1/a\\u{a}b\\u{1b}[31m] library/declared-inside-a-stack: x\\u{d}\\u{a}y\\u{7}\\u{85}\\u{2028}\\u{202e}\\u{200b}\\u{d800}',
  );
  expect(lines[3]).toBe('    fix:  tab\\u{9}here');
});
