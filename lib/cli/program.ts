import { Command, CommanderError } from 'commander';
import { Refusal } from '../refusal';
import { driftCommand, planCommand } from './apply-commands';
import { labCommand } from './lab-commands';
import { ledgerCommand } from './ledger-commands';
import { diffCommand, explainCommand, matrixCommand, rulesCommand } from './reach-commands';
import { EndedWith, EXIT, printRefusal, type Terminal } from './terminal';

/** Runs a command line, without the name of the program, and gives the exit code. */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await programOf(terminal).parseAsync([...words], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof EndedWith) {
      terminal.err(error.words);
      return error.code;
    }
    if (!(error instanceof Refusal)) throw error;
    terminal.err(printRefusal(error));
    return EXIT.refused;
  }
}

/** One command group, one file. */
function programOf(terminal: Terminal): Command {
  const program = new Command('metal-fabric')
    .description('Looks after fabrics that were declared with cdktf-metal-fabric.')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 refused, a broken file, or a promise that is not kept; 2 the command line was not understood; 3 what was compared differs.',
    )
    .addCommand(planCommand(terminal))
    .addCommand(driftCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(matrixCommand(terminal))
    .addCommand(diffCommand(terminal))
    .addCommand(rulesCommand(terminal))
    .addCommand(labCommand(terminal))
    .addCommand(ledgerCommand(terminal));
  prepare(program, terminal);
  return program;
}

/** Commander would end the process by itself, and write past the terminal. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  for (const child of command.commands) prepare(child, terminal);
}
