import Table from 'cli-table3';
import { Command } from 'commander';
import { quote } from '../net';
import {
  isLedgerFault,
  type Ledger,
  type LedgerValue,
  printLedger,
  readLedgerFile,
  release,
  tryRenumber,
  writeLedgerFile,
} from '../plan';
import { Refusal } from '../refusal';
import { examples, printJson, type Terminal } from './terminal';

interface Options {
  readonly json?: true;
}

/** Commands that read and mend the ledger of a partition. */
export function ledgerCommand(terminal: Terminal): Command {
  return new Command('ledger')
    .description('the numbers that a partition was given, and those in quarantine')
    .addCommand(showCommand(terminal))
    .addCommand(renumberCommand(terminal))
    .addCommand(releaseCommand(terminal));
}

function showCommand(terminal: Terminal): Command {
  return new Command('show')
    .description('shows every number, who holds it, and which are in quarantine')
    .argument('<file>', 'the ledger, fabric.lock/<partition>.json')
    .option('--json', 'print the ledger as JSON')
    .addHelpText(
      'after',
      examples(
        'metal-fabric ledger show fabric.lock/fra-equ01.json',
        'metal-fabric ledger show --json fabric.lock/fra-equ01.json',
      ),
    )
    .action((file: string, { json }: Options) => {
      const ledger = readLedger(file);
      terminal.out(json === true ? printLedger(ledger) : printTable(ledger));
    });
}

function renumberCommand(terminal: Terminal): Command {
  return new Command('renumber')
    .description(
      'takes a number from its holder on purpose: the next synth gives it another one, and never the old one',
    )
    .argument('<file>', 'the ledger, fabric.lock/<partition>.json')
    .argument('<pool>', 'the pool, as "show" prints it')
    .argument('<holder>', 'who holds the number, as "show" prints it')
    .option('--json', 'print what was freed as JSON')
    .addHelpText(
      'after',
      `${examples(
        'metal-fabric ledger renumber fabric.lock/fra-equ01.json vni blue',
        "metal-fabric ledger renumber fabric.lock/fra-equ01.json 'address storage ipv4' nvme-1",
      )}\nA number that the app itself fixes is given again. Devices change their numbers at the next deployment.`,
    )
    .action((file: string, pool: string, holder: string, { json }: Options) => {
      const renumbered = tryRenumber(readLedger(file), pool, holder);
      if (renumbered === undefined) {
        throw new Refusal(
          `${file} has no ${quote(holder)} in a pool ${quote(pool)}`,
          `see metal-fabric ledger show ${file}`,
        );
      }
      writeLedgerFile(file, renumbered.ledger);
      const { value, revision } = renumbered.freed;
      terminal.out(
        json === true
          ? printJson({ pool, holder, freed: value, revision })
          : `${pool} of "${holder}": ${value} was taken back; the next synth gives another one, unless the app fixes it\n`,
      );
    });
}

function releaseCommand(terminal: Terminal): Command {
  return new Command('release')
    .description('takes numbers out of quarantine, as if nobody ever had them')
    .argument('<file>', 'the ledger, fabric.lock/<partition>.json')
    .argument('[pool]', 'only of this pool, as "show" prints it')
    .argument('[value]', 'only this number')
    .option('--json', 'print what was released as JSON')
    .addHelpText(
      'after',
      `${examples(
        'metal-fabric ledger release fabric.lock/fra-equ01.json',
        'metal-fabric ledger release fabric.lock/fra-equ01.json vni 10007',
      )}\nDo so only when no device uses the numbers any more.`,
    )
    .action((file: string, pool: string | undefined, value: string | undefined, { json }: Options) => {
      const { ledger, released } = release(readLedger(file), pool, value);
      if (released.length === 0 && pool !== undefined) {
        const what = value === undefined ? 'nothing' : `no ${value}`;
        throw new Refusal(
          `${file} has ${what} of pool ${quote(pool)} in quarantine`,
          `see metal-fabric ledger show ${file}`,
        );
      }
      writeLedgerFile(file, ledger);
      terminal.out(json === true ? printJson({ released }) : printReleased(released));
    });
}

function readLedger(file: string): Ledger {
  const read = readLedgerFile(file, undefined);
  if (read === undefined)
    throw new Refusal(`there is no ${file}`, 'name the ledger of a partition, fabric.lock/<partition>.json');
  if (isLedgerFault(read)) throw new Refusal(`${file}: ${read.problem}`, read.fix);
  return read;
}

function printTable({ partition, revision, pools, routers, shared }: Ledger): string {
  const given = Object.entries(pools).flatMap(([pool, record]) =>
    Object.entries(record.given).map(([holder, value]) => [pool, holder, value]),
  );
  const freed = Object.entries(pools).flatMap(([pool, record]) =>
    record.freed.map(({ holder, value, revision: since }) => [pool, holder, value, since]),
  );
  return [
    `partition ${partition}, revision ${revision}\n`,
    table('given', ['pool', 'holder', 'value'], given),
    table('in quarantine', ['pool', 'last holder', 'value', 'since revision'], freed),
    table('routers', ['router', 'border leaf'], Object.entries(routers)),
    table(
      'shared once',
      ['network'],
      shared.map((name) => [name]),
    ),
  ].join('');
}

function table(title: string, head: string[], rows: readonly (readonly LedgerValue[])[]): string {
  if (rows.length === 0) return '';
  const drawn = new Table({ head, style: { head: [], border: [] } });
  drawn.push(...rows.map((row) => [...row]));
  return `\n${title}\n${drawn.toString()}\n`;
}

function printReleased(
  released: readonly { readonly pool: string; readonly value: LedgerValue; readonly holder: string }[],
): string {
  if (released.length === 0) return 'nothing is in quarantine\n';
  return released.map(({ pool, value, holder }) => `${pool}: ${value}, last of "${holder}", is free again\n`).join('');
}
