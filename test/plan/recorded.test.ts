import { changesOf, emptyLedger, type Ledger, recordedOf } from '../../lib/plan';
import { machine, partition, privateNetwork, sharedNetwork, shortage } from '../rules/model';
import { plan } from './edits';

const before: Ledger = {
  ...emptyLedger('par1'),
  revision: 4,
  shared: ['storage'],
  pools: {
    vni: { given: { blue: 10_000, red: 10_001, gone: 10_002 }, freed: [{ value: 10_009, holder: 'x', revision: 1 }] },
  },
  routers: { 'internet/isp1': 'border1' },
};

const after: Ledger = {
  ...before,
  revision: 5,
  shared: ['blue', 'storage'],
  pools: {
    asn: { given: { leaf1: 4_200_000_000 }, freed: [] },
    vni: {
      given: { blue: 10_000, red: 10_007 },
      freed: [
        { value: 10_001, holder: 'red', revision: 5 },
        { value: 10_002, holder: 'gone', revision: 5 },
      ],
    },
  },
  routers: { 'internet/isp1': 'border2' },
};

test('what a frozen ledger would have to change is told line by line', () => {
  expect(recordedOf({ before, after, fault: undefined, shortages: [], frozen: true })).toEqual({
    shared: ['storage'],
    fault: undefined,
    shortages: [],
    frozenChanges: [
      '"blue" would be noted as shared',
      'asn of "leaf1": would be given 4200000000',
      'border leaf of router "internet/isp1": would change from border1 to border2',
      'vni of "gone": 10002 would be freed',
      'vni of "red": would change from 10001 to 10007',
    ],
  });
});

test('a ledger that is not frozen may change', () => {
  expect(recordedOf({ before, after, fault: undefined, shortages: [], frozen: false }).frozenChanges).toEqual([]);
});

test('a frozen ledger that would not change has nothing to tell', () => {
  expect(changesOf(before, before)).toEqual([]);
  const declared = partition('par1', { networks: [privateNetwork('blue')] });
  const { ledger } = plan(declared);
  expect(changesOf(ledger, plan(declared, ledger).ledger)).toEqual([]);
});

test('a frozen ledger that is not there is a change', () => {
  const { ledger } = plan(partition('par1', { switches: [], networks: [sharedNetwork('storage')] }));
  // Not each of its numbers: there may be thousands.
  expect(changesOf(undefined, ledger)).toEqual(['there is no ledger yet; 4 entries would be made']);
});

test('a change of the quarantine alone is a change too', () => {
  const pools = { vni: { given: { blue: 10_000, red: 10_001, gone: 10_002 }, freed: [] } };
  expect(changesOf(before, { ...before, pools })).toEqual(['the quarantine of vni would change']);
});

test('with a fault nothing else is told: the numbers are not the ones of the partition', () => {
  const fault = { file: 'l', problem: 'p', fix: 'f' };
  const shortages = [shortage('exhausted', 'vni', 'blue')];
  expect(recordedOf({ before: undefined, after, fault, shortages, frozen: true })).toEqual({
    shared: [],
    fault,
    shortages: [],
    frozenChanges: [],
  });
});

test('shortages are told, in order of path', () => {
  const declared = partition('par1', {
    networks: ['c', 'b', 'a'].map((name) => privateNetwork(name)),
    machines: [machine('m', 'a')],
    pools: { vnis: { first: 1, last: 2 }, vlans: { first: 2, last: 9 }, asns: { first: 1, last: 4 } },
  });
  const { ledger, shortages } = plan(declared);
  const recorded = recordedOf({ before: undefined, after: ledger, fault: undefined, shortages, frozen: false });
  expect(recorded.shortages.map(({ pool, path }) => `${pool} ${path}`)).toEqual(['vni par1/c', 'asn par1/spine1']);
});
