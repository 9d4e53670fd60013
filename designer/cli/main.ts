import { Command, CommanderError } from 'commander'
import { PATTERN_KINDS } from '@/designer/model'
import packageJson from '../../package.json' with { type: 'json' }
import { check } from './commands/check'
import { compileCommand } from './commands/compile'
import { init } from './commands/init'
import { type ImportModule, serve } from './commands/serve'
import { simulate } from './commands/simulate'
import { type Outcome, print, wrongUse } from './outcome'

/** Runs the command line and answers the exit code: 0 done, 1 the project has errors, 2 wrong use. */
export async function main(args: readonly string[], importModule: ImportModule): Promise<number> {
  let exitCode = 0
  // Each command runs through here, so that all of them print and exit alike.
  const run = async (json: boolean | undefined, work: () => Promise<Outcome>) => {
    const outcome = await work()
    print(outcome, json ?? false)
    exitCode = outcome.exitCode
  }
  const forPrograms = args.includes('--json')
  const program = createProgram(run, importModule, forPrograms)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version are thrown too, with 0; people have been told by then what they got wrong.
    if (error.exitCode === 0) return 0
    if (forPrograms) print(wrongUse(error.message.replace(/^error: /, '')), true)
    return 2
  }
}

type Run = (json: boolean | undefined, work: () => Promise<Outcome>) => Promise<void>

function createProgram(run: Run, importModule: ImportModule, forPrograms: boolean): Command {
  const program = new Command('syncline')
    .description('From a PostgreSQL schema to a bundle that devices and servers sync with.')
    .version(packageJson.version)
    .exitOverride()
    .configureOutput(forPrograms ? { writeErr: () => undefined } : {})
    .showHelpAfterError('(--help lists what there is)')
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).option('--json', 'print machine-readable output')

  command('init <source>', 'make a project from a .sql dump or a postgres:// URL')
    .requiredOption('--out <file>', 'the project file to write (*.syncline.json)')
    .option('--entities <names>', 'tables to take, separated by commas; all that can be synced if left out')
    .option('--pattern <pattern>', `their pattern: ${PATTERN_KINDS.join(', ')}`, 'last-write-wins')
    .option('--force', 'overwrite the file where it is there already')
    .action((source: string, options) => run(options.json, () => init(source, options)))

  command('check <file>', "print the project's diagnostics").action((file: string, options) =>
    run(options.json, () => check(file)),
  )

  command('compile <file>', 'write the bundle')
    .requiredOption('--out <dir>', 'the folder to write; files of an earlier bundle in it are replaced')
    .option('--force', 'replace a folder that holds no bundle, whatever is in it')
    .action((file: string, options) => run(options.json, () => compileCommand(file, options)))

  command('simulate <file>', 'run the compiled bundle under the fault simulator')
    .option('--seed <n>', 'what everything is drawn from; the same seed gives the same run', '1')
    .option('--runs <n>', 'how many seeds to run, counting up from the first', '1')
    .option('--devices <n>', 'how many devices', '3')
    .option('--steps <n>', 'how many steps before all is healed and compared', '60')
    .action((file: string, options) => run(options.json, () => simulate(file, options, importModule)))

  command('serve <dir>', "run a bundle's server, for development")
    .requiredOption('--database <url>', 'postgres://… or pglite:DIR')
    .option('--port <n>', 'the port to listen on; 0 for any free one', '4000')
    .action((directory: string, options) => run(options.json, () => serve(directory, options, importModule)))

  return program
}
