import fc from 'fast-check';
import { IPv4, IPv6 } from 'ip-num';
import {
  Address,
  BITS,
  commentText,
  type Family,
  InvalidValue,
  isUniqueLocal,
  isWithin,
  parseInterfaceName,
  parseName,
  Prefix,
  printPortRange,
  quote,
} from '../../lib/net';

const family = fc.constantFrom<Family>('ipv4', 'ipv6');
const address = family.chain((of) =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(BITS[of])) - 1n }).map((value) => Address.of(of, value)),
);
const prefix = address.chain((one) =>
  fc.integer({ min: 0, max: BITS[one.family] }).map((length) => Prefix.around(one, length)),
);

/** What a text is refused with. */
function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidValue) return error.problem;
    throw error;
  }
  return 'taken';
}

describe('Address', () => {
  test('parse(print(x)) = x', () => {
    fc.assert(fc.property(address, (one) => expect(Address.parse(one.toString()).equals(one)).toBe(true)));
  });

  test('print(parse(x)) is one text for all ways to write an address', () => {
    fc.assert(
      fc.property(address, (one) => {
        const long =
          one.family === 'ipv4'
            ? one.toString()
            : one.value
                .toString(16)
                .padStart(32, '0')
                .replace(/(.{4})(?=.)/g, '$1:');
        expect(Address.parse(long.toUpperCase()).toString()).toBe(one.toString());
      }),
    );
  });

  test.each([
    ['FD00:0010:0128::000A', 'fd00:10:128::a'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    // RFC 5952: the first of the longest runs of zeros, and never just one group.
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
  ])('%s is printed as %s', (text, printed) => {
    expect(Address.parse(text).toString()).toBe(printed);
  });

  test.each([
    '',
    ' ',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.1 ',
    '10.0.0.1/32',
    '1e1.0.0.1',
    '0x0a.0.0.1',
    'fd00::1%eth0',
    'fd00:::1',
    'fd00::1::2',
    ':::',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'localhost',
    '10.0.0.1\n',
  ])('%j is none', (text) => {
    expect(problemOf(() => Address.parse(text))).toBe(`${quote(text)} is no IP address`);
  });

  test('what is read here is what ip-num reads, and no more', () => {
    const octet = fc.constantFrom(
      '0',
      '1',
      '9',
      '10',
      '99',
      '100',
      '199',
      '200',
      '249',
      '255',
      '256',
      '260',
      '300',
      '01',
      '1000',
      '',
    );
    const group = fc.constantFrom('0', '1', 'a', 'FD00', '0010', 'ffff', '10000', 'g', '');
    const byIpNum = (read: () => bigint): bigint | string => {
      try {
        return read();
      } catch {
        return 'none';
      }
    };
    const byUs = (text: string): bigint | string => {
      const problem = problemOf(() => Address.parse(text));
      return problem === 'taken' ? Address.parse(text).value : 'none';
    };
    fc.assert(
      fc.property(fc.array(octet, { minLength: 3, maxLength: 5 }), (octets) => {
        const text = octets.join('.');
        expect([text, byUs(text)]).toEqual([text, byIpNum(() => new IPv4(text).value)]);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(group, fc.constantFrom(':', ':', ':', '::')), { minLength: 1, maxLength: 9 }),
        fc.boolean(),
        (pieces, isCut) => {
          const whole = pieces.flat().join('');
          const text = isCut ? whole.replace(/:+$/, '') : whole;
          fc.pre(text.includes(':'));
          expect([text, byUs(text)]).toEqual([text, byIpNum(() => new IPv6(text).value)]);
        },
      ),
      { numRuns: 4000 },
    );
  });

  test('a number outside of the family is a mistake of ours', () => {
    expect(() => Address.of('ipv4', 1n << 32n)).toThrow('invariant');
  });

  test('is ordered: IPv4 first, then by number', () => {
    const texts = ['::1', '10.0.0.10', '10.0.0.9', '::'];
    expect(texts.map(Address.parse).sort(Address.compare).map(String)).toEqual(['10.0.0.9', '10.0.0.10', '::', '::1']);
  });
});

describe('Prefix', () => {
  test('parse(print(x)) = x', () => {
    fc.assert(fc.property(prefix, (one) => expect(Prefix.parse(one.toString()).equals(one)).toBe(true)));
  });

  test('holds its first and last address, and neither neighbor', () => {
    fc.assert(
      fc.property(prefix, (one) => {
        expect([one.holds(one.first), one.holds(one.last), one.last.value - one.first.value + 1n]).toEqual([
          true,
          true,
          one.size,
        ]);
        if (one.first.value > 0n) expect(one.holds(Address.of(one.family, one.first.value - 1n))).toBe(false);
      }),
    );
  });

  test('overlaps another only by containing it, and contains what it overlaps if it is shorter', () => {
    fc.assert(
      fc.property(prefix, prefix, fc.integer({ min: 0, max: 128 }), (a, other, cut) => {
        const inside = Prefix.around(a.last, Math.min(BITS[a.family], a.length + cut));
        expect([a.contains(inside), a.overlaps(inside), inside.overlaps(a)]).toEqual([true, true, true]);
        expect(a.overlaps(other)).toBe(a.contains(other) || other.contains(a));
        if (a.family !== other.family) expect(a.overlaps(other)).toBe(false);
      }),
    );
  });

  test.each([
    ['10.128.0.1/22', '"10.128.0.1/22" has host bits set'],
    ['10.0.0.0/33', '"10.0.0.0/33" has a length above 32'],
    ['fd00::/129', '"fd00::/129" has a length above 128'],
    ['10.0.0.0', '"10.0.0.0" is no prefix'],
    ['10.0.0.0/', '"10.0.0.0/" is no prefix'],
    ['10.0.0.0/08', '"10.0.0.0/08" is no prefix'],
    ['10.0.0.0/-1', '"10.0.0.0/-1" is no prefix'],
    ['10.0.0.0/8/8', '"10.0.0.0/8/8" is no prefix'],
    ['10.0.0.0/1e1', '"10.0.0.0/1e1" is no prefix'],
    ['10.0.0/8', '"10.0.0" is no IP address'],
    ['/8', '"" is no IP address'],
  ])('%s is refused: %s', (text, problem) => {
    expect(problemOf(() => Prefix.parse(text))).toBe(problem);
  });

  test.each([
    ['10.0.0.0/24', '10.0.0.1', '10.0.0.254'],
    ['10.0.0.0/30', '10.0.0.1', '10.0.0.2'],
    ['10.0.0.0/31', '10.0.0.0', '10.0.0.1'],
    ['10.0.0.7/32', '10.0.0.7', '10.0.0.7'],
    ['fd00::/64', 'fd00::1', 'fd00::ffff:ffff:ffff:ffff'],
    ['fd00::/127', 'fd00::', 'fd00::1'],
  ])('of %s a host may have %s to %s', (text, first, last) => {
    const { usable } = Prefix.parse(text);
    expect([usable.first.toString(), usable.last.toString()]).toEqual([first, last]);
  });

  test('is ordered: IPv4 first, then by address, then the wider one', () => {
    const texts = ['::/0', '10.0.0.0/9', '10.0.0.0/8', '9.0.0.0/8'];
    expect(texts.map(Prefix.parse).sort(Prefix.compare).map(String)).toEqual([
      '9.0.0.0/8',
      '10.0.0.0/8',
      '10.0.0.0/9',
      '::/0',
    ]);
  });

  test.each([
    ['fd00:10:128::/64', true],
    ['fc00::/7', true],
    ['2001:db8::/32', false],
    ['::/0', false],
  ])('%s is unique local: %s', (text, expected) => {
    expect(isUniqueLocal(Prefix.parse(text))).toBe(expected);
  });
});

describe('names', () => {
  test.each(['a', 'fra-equ01', 'exit', 'a'.repeat(63)])('%s is one', (text) => {
    expect(parseName(text)).toBe(text);
  });
  test.each(['', 'A', '1a', '-a', 'a-', 'a_b', 'a.b', 'a b', 'a\n', 'ä', '..', 'a/b', 'a'.repeat(64)])(
    '%j is none',
    (text) => {
      expect(problemOf(() => parseName(text))).toBe(`${quote(text)} is no name`);
    },
  );
  test.each(['lan0', 'swp1', 'eth0', 'A_b-c', 'a'.repeat(15)])('%s is one of an interface', (text) => {
    expect(parseInterfaceName(text)).toBe(text);
  });
  test.each(['', '0', 'a.100', 'a:b', 'a/b', 'a b', 'lan0\n', '*', 'a'.repeat(16)])(
    '%j is none of an interface',
    (text) => {
      expect(problemOf(() => parseInterfaceName(text))).toBe(`${quote(text)} is no interface name`);
    },
  );
  test.each([
    'lo',
    'all',
    'default',
    'bridge',
    'vrf10001',
    'vlan7',
    'vni16777214',
    'fabric',
    'firewall',
    'leaf',
    'machine',
  ])('%s is taken', (text) => {
    expect(problemOf(() => parseInterfaceName(text))).toBe(`"${text}" is a name that devices use themselves`);
  });
  test.each(['lo0', 'vrf', 'vlanx', 'bridge1', 'leaf1'])('%s is not', (text) => {
    expect(parseInterfaceName(text)).toBe(text);
  });
});

describe('texts', () => {
  test.each([
    ['plain', 'plain'],
    ['  many   blanks ', 'many blanks'],
    ['a\nb\r\nc\td\0e', 'a b c d e'],
    ['ends with a backslash\\', 'ends with a backslash/'],
    ['\u202eright to left\ufeff', 'right to left'],
    ['ü 漢 €', 'ü 漢 €'],
    ['', ''],
  ])('%j is commented as %j', (text, expected) => {
    expect(commentText(text)).toBe(expected);
  });

  test('of more than 300 characters are cut between two', () => {
    expect(commentText('𝒳'.repeat(400))).toBe('𝒳'.repeat(300));
    expect(commentText(`a${'𝒳'.repeat(400)}`)).not.toMatch(/\p{Cs}/u);
  });

  test('are quoted on one line, and cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (text) => {
        expect(quote(text)).toMatch(/^"[^\n\r\u2028\u2029\u0000-\u001f\u007f-\u009f]*("|…" \(\d+ characters\))$/);
        expect(quote(text).length).toBeLessThan(90);
      }),
    );
  });
});

test.each([
  [{ first: 443, last: 443 }, '443'],
  [{ first: 1, last: 65_535 }, '1-65535'],
])('ports %j are printed as %s', (range, expected) => {
  expect(printPortRange(range)).toBe(expected);
});

test.each([
  [1, true],
  [10, true],
  [0, false],
  [11, false],
  [1.5, false],
  [NaN, false],
])('%d is within 1–10: %s', (value, expected) => {
  expect(isWithin(value, { first: 1, last: 10 })).toBe(expected);
});
